package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.net.InetSocketAddress;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** The pool of HTTP/1.1. The address is the origin's, also where a proxy is between. */
@Rewrites("jdk.internal.net.http.ConnectionPool")
public final class ConnectionPoolAdvice {
  private ConnectionPoolAdvice() {}

  @Hook(
      purpose = "reuse",
      method = "getConnection",
      taking = {"boolean", "java.net.InetSocketAddress", "java.net.InetSocketAddress"})
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean none(@Advice.Argument(1) @Nullable InetSocketAddress origin) {
    return origin != null && Attempts.mustNotLook(origin.getHostString(), origin.getPort());
  }

  /** What it finds and may not be used is closed, and it looks for another one. */
  @Hook(
      purpose = "validate",
      method = "getConnection",
      taking = {"boolean", "java.net.InetSocketAddress", "java.net.InetSocketAddress"})
  @Advice.OnMethodExit(
      inline = false,
      repeatOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean look(@Advice.Return @Nullable Object found) {
    // The address is not looked at: with a proxy the method has forgotten it by now.
    return found != null && Attempts.dropped(found);
  }
}

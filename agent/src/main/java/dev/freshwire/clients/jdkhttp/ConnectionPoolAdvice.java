package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.net.InetSocketAddress;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import org.jspecify.annotations.Nullable;

/** The pool of HTTP/1.1. The address is the origin's, also where a proxy is between. */
@Rewrites("jdk.internal.net.http.ConnectionPool")
public final class ConnectionPoolAdvice {
  private ConnectionPoolAdvice() {}

  /** What the request is to have instead of what is in the pool; null when it may look there. */
  @Hook(
      purpose = "reuse",
      method = "getConnection",
      taking = {"boolean", "java.net.InetSocketAddress", "java.net.InetSocketAddress"})
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static @Nullable Object instead(@Advice.Argument(1) @Nullable InetSocketAddress origin) {
    return origin == null ? null : Lookup.instead(origin.getHostString(), origin.getPort());
  }

  @Hook(
      purpose = "prewarm",
      method = "getConnection",
      taking = {"boolean", "java.net.InetSocketAddress", "java.net.InetSocketAddress"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned(typing = Assigner.Typing.DYNAMIC)
  public static @Nullable Object found(
      @Advice.Enter @Nullable Object instead, @Advice.Return @Nullable Object pooled) {
    return instead == null || instead == Lookup.NOTHING ? pooled : instead;
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
    return found != null && Lookup.dropped(found);
  }
}

package dev.freshwire.clients.jdkhttp;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.net.InetSocketAddress;
import java.net.http.HttpHeaders;
import jdk.internal.net.http.HttpRequestImpl;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * A connection knows a proxy's address rather than the origin's, so it is marked when it is made.
 */
@Rewrites("jdk.internal.net.http.HttpConnection")
public final class HttpConnectionAdvice {
  private HttpConnectionAdvice() {}

  @Hook(purpose = "reuse", method = "getConnection")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void looking(@Advice.Argument(1) Object client, @OfType HttpRequestImpl request) {
    Lookup.looking(client, request);
  }

  /** By itself it knows the first address of a host only. */
  @Hook(purpose = "next-address", method = "getConnection")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
  public static @Nullable InetSocketAddress address(
      @Advice.Argument(0) @Nullable InetSocketAddress first, @OfType HttpRequestImpl request) {
    return first == null ? null : Attempts.address(request, first);
  }

  @Hook(purpose = "opened", method = "getConnection")
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void made(
      @OfType HttpRequestImpl request, @Advice.Return @Nullable Object connection) {
    Lookup.looked(connection);
    if (connection != null) {
      Connections.made(connection, request);
    }
  }

  /** Without headers a connection is closed. */
  @Hook(purpose = "close", method = "closeOrReturnToCache")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
  public static @Nullable HttpHeaders headers(
      @Advice.This Object connection, @Advice.Argument(0) @Nullable HttpHeaders headers) {
    if (Connections.isSingleUse(connection)) {
      return null;
    }
    if (headers != null) {
      Enforcer.idle(connection);
    }
    return headers;
  }
}

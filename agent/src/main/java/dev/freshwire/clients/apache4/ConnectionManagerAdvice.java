package dev.freshwire.clients.apache4;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpHost;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.protocol.HttpContext;

/** Where connections are made, and where a closed client lets go of them. */
@Rewrites({
  "org.apache.http.impl.conn.PoolingHttpClientConnectionManager",
  "org.apache.http.impl.conn.BasicHttpClientConnectionManager"
})
public final class ConnectionManagerAdvice {
  private ConnectionManagerAdvice() {}

  /** TCP to each address, and TLS. */
  @Hook(purpose = "connect-timeout", method = "connect")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(2))
  public static int connecting(
      @Advice.Argument(2) int millis, @OfType HttpRoute route, @OfType HttpContext context) {
    Attempts attempts = Attempts.of(context);
    HttpHost target = route.getTargetHost();
    return attempts != null
        ? attempts.connectTimeout(millis)
        : Enforcer.connectTimeout(target.getHostName(), target.getPort(), millis);
  }

  @Hook(purpose = "opened", method = "connect")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void opened(@OfType HttpClientConnection connection, @OfType HttpRoute route) {
    Connections.opened(connection, route);
  }

  /** The client has one connection less in use; it decides whether that stays. */
  @Hook(purpose = "idle", method = "releaseConnection")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void released(@OfType HttpClientConnection connection) {
    Connections.released(connection);
  }

  @Hook(purpose = "cancel", method = "shutdown")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void closed(@Advice.This Object manager) {
    Attempts.closed(manager);
  }
}

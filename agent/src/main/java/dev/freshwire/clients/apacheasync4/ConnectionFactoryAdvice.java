package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.conn.ManagedNHttpClientConnection;
import org.apache.http.nio.reactor.IOSession;

/** TCP is connected; TLS is layered over it when the first request is to be written. */
@Rewrites(
    "org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager$InternalConnectionFactory")
public final class ConnectionFactoryAdvice {
  private ConnectionFactoryAdvice() {}

  @Hook(purpose = "opened", method = "create")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void opened(
      @Advice.Return ManagedNHttpClientConnection connection,
      @OfType IOSession session,
      @OfType HttpRoute route) {
    Connections.opened(connection, session, route);
  }
}

package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.nio.NHttpClientConnection;

/** Where connections are given back, and where a closed client ends the waits of its requests. */
@Rewrites("org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager")
public final class ConnectionManagerAdvice {
  private ConnectionManagerAdvice() {}

  @Hook(purpose = "cancel", method = "shutdown")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void closed(@Advice.This Object manager) {
    Attempts.closed(manager);
  }

  /** The client has one connection less in use; it decides whether that stays. */
  @Hook(purpose = "idle", method = "releaseConnection")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void released(@OfType NHttpClientConnection connection) {
    Connections.released(connection);
  }
}

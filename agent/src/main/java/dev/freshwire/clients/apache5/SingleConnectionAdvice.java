package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.jspecify.annotations.Nullable;

/** The connection manager that has one connection. */
@Rewrites("org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager")
public final class SingleConnectionAdvice {
  private SingleConnectionAdvice() {}

  /** See {@link PoolCloseAdvice}. */
  @Hook(purpose = "cancel", method = "close")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void closed(@Advice.This Object manager) {
    Attempts.closed(manager);
  }

  /** See {@link PoolCloseAdvice}. */
  @Hook(purpose = "idle", method = "release")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void released(@Advice.Argument(0) Object endpoint) throws IllegalAccessException {
    Leases.released(endpoint);
  }

  /**
   * Until 5.4 the manager keeps a connection that was closed, opens it again, and fails at the
   * third request, also after a {@code Connection: close} of the server's (5.0.4: seen).
   */
  @Hook(purpose = "close-after-use", method = "release")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("conn"))
  public static @Nullable ManagedHttpClientConnection kept(
      @OfType ConnectionEndpoint endpoint,
      @Advice.FieldValue("route") @Nullable HttpRoute route,
      @Advice.FieldValue("conn") @Nullable ManagedHttpClientConnection connection) {
    boolean leftAlone = route == null || Leases.mayReuseFreely(route);
    return connection == null || leftAlone || connection.isOpen() ? connection : null;
  }
}

package dev.freshwire.clients.apache4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpClientConnection;

/** The lease of one connection. */
@Rewrites("org.apache.http.impl.execchain.ConnectionHolder")
public final class ConnectionHolderAdvice {
  private ConnectionHolderAdvice() {}

  /** Closes what comes out of the pool and may not be used; the client then makes a new one. */
  @Hook(purpose = "validate", method = "<init>", taking = "org.apache.http.HttpClientConnection")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void leased(@OfType HttpClientConnection connection) {
    Exchange exchange = Exchange.current();
    if (exchange != null && exchange.refuses(connection)) {
      Connections.close(connection);
    }
  }

  /** Whatever the reuse strategy said, the connection is then closed on release. */
  @Hook(purpose = "close-after-use", method = "markReusable")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("reusable"))
  public static boolean reusable(@Advice.FieldValue("reusable") boolean reusable) {
    Exchange exchange = Exchange.current();
    return reusable && (exchange == null || !exchange.closesAfterUse());
  }
}

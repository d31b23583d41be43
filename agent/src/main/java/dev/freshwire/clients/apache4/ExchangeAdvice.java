package dev.freshwire.clients.apache4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.protocol.HttpRequestExecutor;

/** From the lease of a connection to its answer. */
@Rewrites({
  "org.apache.http.impl.execchain.MainClientExec",
  "org.apache.http.impl.execchain.MinimalClientExec"
})
public final class ExchangeAdvice {
  private ExchangeAdvice() {}

  @Hook(purpose = "exchange", method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void begin(
      @OfType HttpRoute route,
      @OfType HttpClientContext context,
      @Advice.FieldValue("connManager") Object manager,
      @Advice.FieldValue("requestExecutor") HttpRequestExecutor executor) {
    Exchange.begin(route, context);
    Attempts attempts = Attempts.of(context);
    if (attempts != null) {
      attempts.exchanges(manager, executor);
    }
  }

  @Hook(purpose = "exchange", method = "execute")
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void end(@OfType HttpRoute route) {
    Exchange.end();
  }
}

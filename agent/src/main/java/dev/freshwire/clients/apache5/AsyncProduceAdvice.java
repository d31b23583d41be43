package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.protocol.HttpContext;

/** The client's part in an exchange: asked for the request when it can be written. */
@Rewrites({
  "org.apache.hc.client5.http.impl.async.HttpAsyncMainClientExec$1",
  "org.apache.hc.client5.http.impl.async.H2AsyncMainClientExec$1"
})
public final class AsyncProduceAdvice {
  private AsyncProduceAdvice() {}

  @Hook(purpose = "sent", everywhere = true, method = "produceRequest")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(@OfType HttpContext context) {
    Attempts attempts = Attempts.of(context);
    if (attempts != null) {
      attempts.sending();
    }
  }
}

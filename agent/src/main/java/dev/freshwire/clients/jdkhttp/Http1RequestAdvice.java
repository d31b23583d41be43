package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;

/** The head of an HTTP/1.1 request is made when its connection is there. */
@Rewrites("jdk.internal.net.http.Http1Request")
public final class Http1RequestAdvice {
  private Http1RequestAdvice() {}

  @Hook(purpose = "sent", everywhere = true, method = "headers")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(@Advice.FieldValue("http1Exchange") Object exchange) {
    Attempts.sending(exchange);
  }
}

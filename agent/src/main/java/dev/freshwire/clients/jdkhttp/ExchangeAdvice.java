package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;

/** An HTTP/1.1 request was written with its body, and the answer is waited for. */
@Rewrites("jdk.internal.net.http.Http1Exchange")
public final class ExchangeAdvice {
  private ExchangeAdvice() {}

  @Hook(purpose = "read-timeout", method = "getResponseAsync")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void waiting(@Advice.This Object exchange) {
    Attempts.waiting(exchange);
  }
}

package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.concurrent.BasicFuture;
import org.apache.http.nio.ContentEncoder;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.nio.protocol.HttpAsyncRequestProducer;

/** The handler of a client that is not a minimal one. */
@Rewrites("org.apache.http.impl.nio.client.DefaultClientExchangeHandlerImpl")
public final class ExchangeAdvice {
  private ExchangeAdvice() {}

  @Hook(purpose = "exchange", method = "<init>")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void begun(
      @Advice.This HttpAsyncClientExchangeHandler handler,
      @OfType HttpAsyncRequestProducer producer,
      @OfType BasicFuture<?> result,
      @OfType HttpClientContext context,
      @OfType NHttpClientConnectionManager manager) {
    Exchange.begun(handler, producer, result, context, manager);
  }

  @Hook(purpose = "sent", everywhere = true, method = "generateRequest")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void sending(@Advice.This Object handler, @Advice.Return HttpRequest request) {
    Exchange.sending(handler, request);
  }

  @Hook(purpose = "body", everywhere = true, method = "produceContent")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void producing(@Advice.This Object handler, @OfType ContentEncoder encoder) {
    Exchange.produces(handler);
  }

  @Hook(purpose = "retry", method = "responseReceived")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void answered(@Advice.This Object handler, @OfType HttpResponse response) {
    Exchange.answered(handler);
  }

  @Hook(purpose = "retry", method = "responseReceived")
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void lookedAt(@OfType HttpResponse response) {
    Exchange.lookedAt();
  }

  @Hook(purpose = "retry", method = "responseCompleted")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean ended(@Advice.This Object handler) {
    return Attempts.ended(handler);
  }

  @Hook(purpose = "retry", method = "inputTerminated")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean terminated(@Advice.This HttpAsyncClientExchangeHandler handler) {
    return Attempts.terminated(handler);
  }
}

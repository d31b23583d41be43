package dev.freshwire.it.driver.apache5;

import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * Tells when the client has given a connection back: it hands out the result before, so that an
 * application's next call may find the pool empty.
 */
final class ExchangeEnd implements AsyncExecChainHandler {
  private static final String KEY = "exchange end";

  static CompletableFuture<Boolean> in(HttpClientContext context) {
    CompletableFuture<Boolean> end = new CompletableFuture<>();
    context.setAttribute(KEY, end);
    return end;
  }

  @Override
  public void execute(
      HttpRequest request,
      @Nullable AsyncEntityProducer body,
      AsyncExecChain.Scope scope,
      AsyncExecChain chain,
      AsyncExecCallback callback)
      throws HttpException, IOException {
    chain.proceed(
        request,
        body,
        scope,
        new AsyncExecCallback() {
          @Override
          public @Nullable AsyncDataConsumer handleResponse(
              HttpResponse response, EntityDetails details) throws HttpException, IOException {
            return callback.handleResponse(response, details);
          }

          @Override
          public void handleInformationResponse(HttpResponse response)
              throws HttpException, IOException {
            callback.handleInformationResponse(response);
          }

          @Override
          public void completed() {
            callback.completed();
            end(scope.clientContext);
          }

          @Override
          public void failed(Exception cause) {
            callback.failed(cause);
            end(scope.clientContext);
          }
        });
  }

  @SuppressWarnings("unchecked")
  private static void end(HttpClientContext context) {
    Object end = context.getAttribute(KEY);
    if (end != null) {
      ((CompletableFuture<Boolean>) end).complete(true);
    }
  }
}

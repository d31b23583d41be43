package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/** What the asynchronous clients of 5.0 to 5.6 have in common. */
abstract class AsyncClient extends OneClient<CloseableHttpAsyncClient, Future<?>> {
  /** The client, configured and not started. */
  abstract CloseableHttpAsyncClient configured(Settings settings);

  @Override
  protected CloseableHttpAsyncClient build(Settings settings) {
    CloseableHttpAsyncClient client = configured(settings);
    client.start();
    return client;
  }

  @Override
  public Reply call(Call call) throws Exception {
    BasicHttpRequest request = new BasicHttpRequest(call.method(), URI.create(call.url()));
    call.headers().forEach(request::setHeader);
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    HttpClientContext context = NamedExchange.contextOf(call);
    CompletableFuture<Boolean> end = ExchangeEnd.in(context);
    Future<Reply> future =
        client()
            .execute(
                new BasicRequestProducer(request, body(call)),
                new ReplyConsumer(call.consume(), reply),
                context,
                new Completing(reply));
    begun(call, future);
    try {
      Reply got = reply.get();
      if (call.consume() == Call.Consume.ALL) {
        end.get(5, TimeUnit.SECONDS);
      }
      return got;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    } finally {
      // Where the body is not wanted to its end this is how to say so, and what an interrupt means.
      future.cancel(true);
      ended(call);
    }
  }

  private static @Nullable BasicAsyncEntityProducer body(Call call) {
    if (!call.hasBody()) {
      return null;
    }
    byte[] bytes = new byte[call.bodySize()];
    boolean repeatable = call.body() == Call.Body.BYTES;
    return new BasicAsyncEntityProducer(bytes, ContentType.APPLICATION_OCTET_STREAM) {
      @Override
      public boolean isRepeatable() {
        return repeatable;
      }
    };
  }

  @Override
  protected void cancel(Future<?> call) {
    call.cancel(true);
  }
}

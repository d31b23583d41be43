package dev.freshwire.it.driver.apacheasync4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.concurrent.FutureCallback;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClients;
import org.apache.http.nio.client.methods.HttpAsyncMethods;

/**
 * HttpAsyncClient, which is asked for the call when another has just been answered, on the thread
 * that read the answer: the reactor has not looked at the connection again by then.
 */
public final class FollowUpUnderTest extends OneClient<CloseableHttpAsyncClient, Future<?>> {
  @Override
  protected CloseableHttpAsyncClient build(Settings settings) {
    CloseableHttpAsyncClient client = HttpAsyncClients.createDefault();
    client.start();
    return client;
  }

  @Override
  public Reply call(Call call) throws Exception {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    CompletableFuture<Reply> first = new CompletableFuture<>();
    FutureCallback<Reply> followUp =
        new FutureCallback<Reply>() {
          @Override
          public void completed(Reply result) {
            RequestBuilder builder = RequestBuilder.create(call.method()).setUri(call.url());
            call.headers().forEach(builder::setHeader);
            if (call.hasBody()) {
              builder.setEntity(new ByteArrayEntity(new byte[call.bodySize()]));
            }
            begun(call, execute(builder, call, reply, new Completing(reply)));
          }

          @Override
          public void failed(Exception failure) {
            reply.completeExceptionally(failure);
          }

          @Override
          public void cancelled() {
            reply.cancel(false);
          }
        };
    RequestBuilder before = RequestBuilder.get(call.url()).setHeader("X-Request-Id", "before");
    begun(call, execute(before, call, first, followUp));
    try {
      return reply.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    } finally {
      ended(call);
    }
  }

  private Future<Reply> execute(
      RequestBuilder request,
      Call call,
      CompletableFuture<Reply> reply,
      FutureCallback<Reply> callback) {
    return client()
        .execute(
            HttpAsyncMethods.create(request.build()),
            new ReplyConsumer(call.consume(), reply),
            HttpClientContext.create(),
            callback);
  }

  @Override
  protected void cancel(Future<?> call) {
    call.cancel(true);
  }
}

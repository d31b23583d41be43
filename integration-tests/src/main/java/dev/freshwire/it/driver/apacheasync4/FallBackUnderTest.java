package dev.freshwire.it.driver.apacheasync4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.FallBack;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager;
import org.apache.http.impl.nio.reactor.DefaultConnectingIOReactor;
import org.apache.http.nio.client.methods.HttpAsyncMethods;
import org.apache.http.nio.reactor.IOReactorException;

/** HttpAsyncClient in the hands of an application that falls back in a callback. */
public final class FallBackUnderTest extends OneClient<CloseableHttpAsyncClient, Future<?>> {
  @Override
  protected CloseableHttpAsyncClient build(Settings settings) {
    try {
      CloseableHttpAsyncClient client =
          HttpAsyncClientBuilder.create()
              .setConnectionManager(
                  new PoolingNHttpClientConnectionManager(
                      new DefaultConnectingIOReactor(), null, FallBack::resolve))
              .build();
      client.start();
      return client;
    } catch (IOReactorException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Reply call(Call call) throws Exception {
    try {
      return FallBack.call(call, (url, headers, end) -> get(call, url, headers, end));
    } finally {
      ended(call);
    }
  }

  private void get(
      Call call, String url, Map<String, String> headers, CompletableFuture<Reply> end) {
    RequestBuilder request = RequestBuilder.get(url);
    headers.forEach(request::setHeader);
    begun(
        call,
        client()
            .execute(
                HttpAsyncMethods.create(request.build()),
                new ReplyConsumer(call.consume(), end),
                HttpClientContext.create(),
                new Completing(end)));
  }

  @Override
  protected void cancel(Future<?> call) {
    call.cancel(true);
  }
}

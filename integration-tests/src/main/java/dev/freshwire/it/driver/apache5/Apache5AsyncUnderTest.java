package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/** The asynchronous client of 5.0 to 5.6, which negotiates HTTP/2, by what all of them have. */
public final class Apache5AsyncUnderTest implements ClientUnderTest {
  private final Map<String, Future<?>> calls = new ConcurrentHashMap<>();
  private @Nullable CloseableHttpAsyncClient client;

  @Override
  public void open(Settings settings) {
    PoolingAsyncClientConnectionManagerBuilder manager =
        PoolingAsyncClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(256)
            .setMaxConnTotal(512);
    if (!settings.addresses().isEmpty()) {
      manager.setDnsResolver(new FixedAddresses(settings.addresses()));
    }
    CloseableHttpAsyncClient opened =
        HttpAsyncClientBuilder.create()
            .setConnectionManager(manager.build())
            .setDefaultRequestConfig(Configuration.requestConfig(settings))
            .setDefaultCredentialsProvider(Configuration.credentials(settings))
            .setProxy(Configuration.proxy(settings))
            .build();
    opened.start();
    client = opened;
  }

  @Override
  public Reply call(Call call) throws Exception {
    BasicHttpRequest request = new BasicHttpRequest(call.method(), URI.create(call.url()));
    call.headers().forEach(request::setHeader);
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    CloseableHttpAsyncClient running = client;
    if (running == null) {
      throw new IllegalStateException("not open");
    }
    Future<Reply> future =
        running.execute(
            new BasicRequestProducer(request, body(call)),
            new ReplyConsumer(call.consume(), reply),
            new Completing(reply));
    calls.put(call.ticket(), future);
    try {
      return reply.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    } finally {
      // Where the body is not wanted to its end this is how to say so, and what an interrupt means.
      future.cancel(true);
      calls.remove(call.ticket());
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
  public void cancel(String ticket) {
    Future<?> running = calls.get(ticket);
    if (running != null) {
      running.cancel(true);
    }
  }

  @Override
  public String webSocket(String url, long idleMillis, long heartbeatMillis) {
    throw new UnsupportedOperationException("the client has no WebSocket");
  }

  @Override
  public void close() throws IOException {
    CloseableHttpAsyncClient open = client;
    if (open != null) {
      open.close();
    }
  }
}

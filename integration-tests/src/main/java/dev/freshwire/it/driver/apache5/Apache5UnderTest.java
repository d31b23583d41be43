package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.jspecify.annotations.Nullable;

/** The classic client of 5.0 to 5.6, by what all of them have. */
public final class Apache5UnderTest implements ClientUnderTest {
  private final Map<String, HttpUriRequestBase> calls = new ConcurrentHashMap<>();
  private @Nullable CloseableHttpClient client;

  @Override
  public void open(Settings settings) {
    PoolingHttpClientConnectionManagerBuilder manager =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(256)
            .setMaxConnTotal(512);
    if (!settings.addresses().isEmpty()) {
      manager.setDnsResolver(new FixedAddresses(settings.addresses()));
    }
    client =
        HttpClientBuilder.create()
            .setConnectionManager(manager.build())
            .setDefaultRequestConfig(Configuration.requestConfig(settings))
            .setDefaultCredentialsProvider(Configuration.credentials(settings))
            .setProxy(Configuration.proxy(settings))
            .build();
  }

  @Override
  @SuppressWarnings("deprecation") // What replaces it is not in 5.0.
  public Reply call(Call call) throws Exception {
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), URI.create(call.url()));
    call.headers().forEach(request::setHeader);
    if (call.hasBody()) {
      byte[] bytes = new byte[call.bodySize()];
      request.setEntity(
          call.body() == Call.Body.BYTES
              ? new ByteArrayEntity(bytes, ContentType.APPLICATION_OCTET_STREAM)
              : new InputStreamEntity(
                  new ByteArrayInputStream(bytes),
                  bytes.length,
                  ContentType.APPLICATION_OCTET_STREAM));
    }
    calls.put(call.ticket(), request);
    CloseableHttpClient running = client;
    if (running == null) {
      throw new IllegalStateException("not open");
    }
    try (CloseableHttpResponse response = running.execute(request)) {
      HttpEntity body = response.getEntity();
      if (body == null || call.consume() == Call.Consume.CLOSE) {
        return new Reply(response.getCode(), 0, "");
      }
      if (call.consume() == Call.Consume.ABANDON) {
        InputStream stream = body.getContent();
        return new Reply(response.getCode(), stream.read() < 0 ? 0 : 1, "");
      }
      byte[] bytes = EntityUtils.toByteArray(body);
      return new Reply(response.getCode(), bytes.length, new String(bytes, StandardCharsets.UTF_8));
    } finally {
      calls.remove(call.ticket());
    }
  }

  @Override
  public void cancel(String ticket) {
    HttpUriRequestBase running = calls.get(ticket);
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public String webSocket(String url, long idleMillis, long heartbeatMillis) {
    throw new UnsupportedOperationException("the client has no WebSocket");
  }

  @Override
  public void close() throws IOException {
    CloseableHttpClient open = client;
    if (open != null) {
      open.close();
    }
  }
}

package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import dev.freshwire.it.driver.Variant;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** The classic client of 5.0 to 5.6, by what all of them have. */
public final class Apache5UnderTest implements ClientUnderTest {
  private final Map<String, HttpUriRequestBase> calls = new ConcurrentHashMap<>();
  private @Nullable CloseableHttpClient client;

  @Override
  public void open(Settings settings) {
    HttpClientBuilder builder = HttpClientBuilder.create();
    switch (settings.variant()) {
      case SYSTEM_PROPERTIES:
        settings.proxyBySystemProperties();
        client = builder.useSystemProperties().build();
        return;
      case KEEPS_EVERYTHING:
        builder.setConnectionReuseStrategy((request, response, context) -> true);
        builder.setKeepAliveStrategy((response, context) -> TimeValue.ofHours(1));
        break;
      case RETRIES_EVERYTHING:
        builder.setRetryStrategy(new RetriedOnce());
        break;
      case NTLM:
        builder.setDefaultAuthSchemeRegistry(Configuration.ntlm());
        break;
      default:
        break;
    }
    client =
        builder
            .setConnectionManager(manager(settings))
            .addRequestInterceptorFirst(new NamedExchange())
            .setDefaultRequestConfig(Configuration.requestConfig(settings))
            .setDefaultCredentialsProvider(Configuration.credentials(settings))
            .setProxy(Configuration.proxy(settings))
            .build();
  }

  private static HttpClientConnectionManager manager(Settings settings) {
    if (settings.variant() == Variant.SINGLE_CONNECTION) {
      return new BasicHttpClientConnectionManager();
    }
    PoolingHttpClientConnectionManagerBuilder manager =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(256)
            .setMaxConnTotal(512);
    if (!settings.addresses().isEmpty()) {
      manager.setDnsResolver(new FixedAddresses(settings));
    }
    return manager.build();
  }

  private static final class RetriedOnce implements HttpRequestRetryStrategy {
    @Override
    public boolean retryRequest(
        HttpRequest request, IOException exception, int count, HttpContext context) {
      return false;
    }

    @Override
    public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
      return response.getCode() == 503 && count == 1;
    }

    @Override
    public TimeValue getRetryInterval(HttpResponse response, int count, HttpContext context) {
      return TimeValue.ofMilliseconds(1);
    }
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
    try (CloseableHttpResponse response = running.execute(request, NamedExchange.contextOf(call))) {
      HttpEntity body = response.getEntity();
      return Reply.read(
          response.getCode(), body == null ? null : body.getContent(), call.consume());
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

package dev.freshwire.it.driver.apache4;

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
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpEntityEnclosingRequestBase;
import org.apache.http.config.Registry;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.DnsResolver;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.impl.conn.SystemDefaultDnsResolver;
import org.apache.http.util.EntityUtils;
import org.jspecify.annotations.Nullable;

/** The classic client of 4.3 to 4.5, by what all of them have. */
public final class Apache4UnderTest implements ClientUnderTest {
  private final Map<String, AnyMethod> calls = new ConcurrentHashMap<>();
  private @Nullable CloseableHttpClient client;

  @Override
  public void open(Settings settings) {
    DnsResolver resolver =
        settings.addresses().isEmpty()
            ? SystemDefaultDnsResolver.INSTANCE
            : new FixedAddresses(settings.addresses());
    Registry<ConnectionSocketFactory> sockets =
        RegistryBuilder.<ConnectionSocketFactory>create()
            .register("http", PlainConnectionSocketFactory.getSocketFactory())
            .register("https", SSLConnectionSocketFactory.getSocketFactory())
            .build();
    PoolingHttpClientConnectionManager manager =
        new PoolingHttpClientConnectionManager(
            sockets, null, null, resolver, -1, TimeUnit.MILLISECONDS);
    manager.setDefaultMaxPerRoute(256);
    manager.setMaxTotal(512);
    RequestConfig.Builder config = RequestConfig.custom();
    Long readTimeout = settings.readTimeout();
    if (readTimeout != null) {
      config.setSocketTimeout(readTimeout.intValue());
    }
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    String name = settings.credentials();
    if (name != null) {
      credentials.setCredentials(AuthScope.ANY, new UsernamePasswordCredentials(name, name));
    }
    HttpClientBuilder builder =
        HttpClientBuilder.create()
            .setConnectionManager(manager)
            .setDefaultRequestConfig(config.build())
            .setDefaultCredentialsProvider(credentials);
    Long proxyPort = settings.proxyPort();
    if (proxyPort != null) {
      builder.setProxy(new HttpHost("127.0.0.1", proxyPort.intValue()));
    }
    client = builder.build();
  }

  @Override
  public Reply call(Call call) throws Exception {
    AnyMethod request = new AnyMethod(call.method(), call.url());
    call.headers().forEach(request::setHeader);
    if (call.hasBody()) {
      byte[] bytes = new byte[call.bodySize()];
      request.setEntity(
          call.body() == Call.Body.BYTES
              ? new ByteArrayEntity(bytes)
              : new InputStreamEntity(new ByteArrayInputStream(bytes), bytes.length));
    }
    CloseableHttpClient running = client;
    if (running == null) {
      throw new IllegalStateException("not open");
    }
    calls.put(call.ticket(), request);
    try (CloseableHttpResponse response = running.execute(request)) {
      int status = response.getStatusLine().getStatusCode();
      HttpEntity body = response.getEntity();
      if (body == null || call.consume() == Call.Consume.CLOSE) {
        return new Reply(status, 0, "");
      }
      if (call.consume() == Call.Consume.ABANDON) {
        InputStream stream = body.getContent();
        return new Reply(status, stream.read() < 0 ? 0 : 1, "");
      }
      byte[] bytes = EntityUtils.toByteArray(body);
      return new Reply(status, bytes.length, new String(bytes, StandardCharsets.UTF_8));
    } finally {
      calls.remove(call.ticket());
    }
  }

  @Override
  public void cancel(String ticket) {
    AnyMethod running = calls.get(ticket);
    if (running != null) {
      running.abort();
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

  private static final class AnyMethod extends HttpEntityEnclosingRequestBase {
    private final String method;

    AnyMethod(String method, String url) {
      this.method = method;
      setURI(URI.create(url));
    }

    @Override
    public String getMethod() {
      return method;
    }
  }
}

package dev.freshwire.it.driver.apache4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.PassedOn;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import dev.freshwire.it.driver.Variant;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.http.Header;
import org.apache.http.HttpEntity;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpRequestInterceptor;
import org.apache.http.HttpResponse;
import org.apache.http.auth.AuthSchemeProvider;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.NTCredentials;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.ServiceUnavailableRetryStrategy;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.Registry;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.DnsResolver;
import org.apache.http.conn.HttpClientConnectionManager;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.BasicHttpClientConnectionManager;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.impl.conn.SystemDefaultDnsResolver;
import org.apache.http.protocol.HttpContext;

/** The classic client of 4.3 to 4.5, by what all of them have. */
public final class Apache4UnderTest extends OneClient<CloseableHttpClient, HttpUriRequest> {
  @Override
  protected CloseableHttpClient build(Settings settings) {
    HttpClientBuilder builder = HttpClientBuilder.create();
    switch (settings.variant()) {
      case SYSTEM_PROPERTIES:
        settings.proxyBySystemProperties();
        return builder.useSystemProperties().build();
      case KEEPS_EVERYTHING:
        builder.setConnectionReuseStrategy((response, context) -> true);
        builder.setKeepAliveStrategy((response, context) -> TimeUnit.HOURS.toMillis(1));
        break;
      case RETRIES_EVERYTHING:
        builder.setServiceUnavailableRetryStrategy(new RetriedOnce());
        break;
      case NEGOTIATE:
        builder.setDefaultAuthSchemeRegistry(
            RegistryBuilder.<AuthSchemeProvider>create()
                .register("negotiate", context -> new Negotiated())
                .build());
        break;
      case ASKS_AHEAD:
        builder.addInterceptorLast((HttpRequestInterceptor) this::askAhead);
        break;
      default:
        break;
    }
    RequestConfig.Builder config = RequestConfig.custom();
    Long readTimeout = settings.readTimeout();
    if (readTimeout != null) {
      config.setSocketTimeout(readTimeout.intValue());
    }
    Long proxyPort = settings.proxyPort();
    if (proxyPort != null) {
      builder.setProxy(new HttpHost("127.0.0.1", proxyPort.intValue()));
    }
    return builder
        .setConnectionManager(manager(settings))
        .setDefaultRequestConfig(config.build())
        .setDefaultCredentialsProvider(credentials(settings))
        .build();
  }

  private void askAhead(HttpRequest request, HttpContext context) throws IOException {
    Header id = request.getFirstHeader("X-Request-Id");
    if (id != null && id.getValue().equals("token")) {
      return;
    }
    String url = HttpClientContext.adapt(context).getTargetHost().toURI() + "/token";
    HttpUriRequest post =
        RequestBuilder.post().setUri(url).setHeader("X-Request-Id", "token").build();
    try (CloseableHttpResponse token = client().execute(post)) {
      if (token.getStatusLine().getStatusCode() >= 400) {
        throw new IOException("no token");
      }
    }
  }

  private static HttpClientConnectionManager manager(Settings settings) {
    if (settings.variant() == Variant.SINGLE_CONNECTION) {
      return new BasicHttpClientConnectionManager();
    }
    DnsResolver resolver =
        settings.addresses().isEmpty()
            ? SystemDefaultDnsResolver.INSTANCE
            : new FixedAddresses(settings);
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
    return settings.variant() == Variant.OWN_MANAGER
        ? PassedOn.to(manager, HttpClientConnectionManager.class)
        : manager;
  }

  private static BasicCredentialsProvider credentials(Settings settings) {
    BasicCredentialsProvider credentials = new BasicCredentialsProvider();
    String name = settings.credentials();
    if (name != null) {
      credentials.setCredentials(
          AuthScope.ANY,
          settings.variant() == Variant.NTLM
              ? new NTCredentials(name, name, "here", "domain")
              : new UsernamePasswordCredentials(name, name));
    }
    return credentials;
  }

  private static final class RetriedOnce implements ServiceUnavailableRetryStrategy {
    @Override
    public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
      return response.getStatusLine().getStatusCode() == 503 && count == 1;
    }

    @Override
    public long getRetryInterval() {
      return 1;
    }
  }

  @Override
  public Reply call(Call call) throws Exception {
    RequestBuilder builder = RequestBuilder.create(call.method()).setUri(call.url());
    call.headers().forEach(builder::setHeader);
    if (call.hasBody()) {
      byte[] bytes = new byte[call.bodySize()];
      builder.setEntity(
          call.body() == Call.Body.BYTES
              ? new ByteArrayEntity(bytes)
              : new InputStreamEntity(new ByteArrayInputStream(bytes), bytes.length));
    }
    HttpUriRequest request = builder.build();
    begun(call, request);
    try (CloseableHttpResponse response = client().execute(request)) {
      HttpEntity body = response.getEntity();
      return Reply.read(
          response.getStatusLine().getStatusCode(),
          body == null ? null : body.getContent(),
          call.consume());
    } finally {
      ended(call);
    }
  }

  @Override
  protected void cancel(HttpUriRequest call) {
    call.abort();
  }
}

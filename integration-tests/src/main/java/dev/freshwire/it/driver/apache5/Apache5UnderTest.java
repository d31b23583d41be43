package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.PassedOn;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import dev.freshwire.it.driver.Variant;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.InputStreamEntity;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** The classic client of 5.0 to 5.6, by what all of them have. */
public final class Apache5UnderTest extends OneClient<CloseableHttpClient, HttpUriRequestBase> {
  @Override
  protected CloseableHttpClient build(Settings settings) {
    HttpClientBuilder builder = HttpClientBuilder.create();
    switch (settings.variant()) {
      case SYSTEM_PROPERTIES:
        settings.proxyBySystemProperties();
        return builder.useSystemProperties().build();
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
      case NEGOTIATE:
        builder.setDefaultAuthSchemeRegistry(Configuration.negotiate());
        break;
      case ASKS_AHEAD:
        builder.addRequestInterceptorLast(this::askAhead);
        break;
      default:
        break;
    }
    return builder
        .setConnectionManager(manager(settings))
        .addRequestInterceptorFirst(new NamedExchange())
        .setDefaultRequestConfig(Configuration.requestConfig(settings))
        .setDefaultCredentialsProvider(Configuration.credentials(settings))
        .setProxy(Configuration.proxy(settings))
        .build();
  }

  @SuppressWarnings("deprecation") // What replaces it is not in 5.0.
  private void askAhead(HttpRequest request, @Nullable EntityDetails entity, HttpContext context)
      throws IOException {
    Header id = request.getFirstHeader("X-Request-Id");
    if (id != null && id.getValue().equals("token")) {
      return;
    }
    HttpHost target = HttpClientContext.adapt(context).getHttpRoute().getTargetHost();
    HttpUriRequestBase post = new HttpUriRequestBase("POST", URI.create(target.toURI() + "/token"));
    post.setHeader("X-Request-Id", "token");
    try (CloseableHttpResponse token = client().execute(post)) {
      if (token.getCode() >= 400) {
        throw new IOException("no token");
      }
    }
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
    return settings.variant() == Variant.OWN_MANAGER
        ? PassedOn.to(manager.build(), HttpClientConnectionManager.class)
        : manager.build();
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
    begun(call, request);
    try (CloseableHttpResponse response =
        client().execute(request, NamedExchange.contextOf(call))) {
      HttpEntity body = response.getEntity();
      return Reply.read(
          response.getCode(), body == null ? null : body.getContent(), call.consume());
    } finally {
      ended(call);
    }
  }

  @Override
  protected void cancel(HttpUriRequestBase call) {
    call.cancel();
  }
}

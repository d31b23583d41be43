package dev.freshwire.it.driver.apacheasync4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.PassedOn;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import dev.freshwire.it.driver.Variant;
import dev.freshwire.it.driver.apache4.Negotiated;
import java.io.ByteArrayInputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpHost;
import org.apache.http.auth.AuthSchemeProvider;
import org.apache.http.auth.AuthScope;
import org.apache.http.auth.NTCredentials;
import org.apache.http.auth.UsernamePasswordCredentials;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.DnsResolver;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.entity.InputStreamEntity;
import org.apache.http.impl.client.BasicCredentialsProvider;
import org.apache.http.impl.conn.SystemDefaultDnsResolver;
import org.apache.http.impl.nio.client.CloseableHttpAsyncClient;
import org.apache.http.impl.nio.client.HttpAsyncClientBuilder;
import org.apache.http.impl.nio.conn.PoolingNHttpClientConnectionManager;
import org.apache.http.impl.nio.reactor.DefaultConnectingIOReactor;
import org.apache.http.impl.nio.reactor.IOReactorConfig;
import org.apache.http.nio.client.methods.HttpAsyncMethods;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.reactor.IOReactorException;

/** HttpAsyncClient, by what all versions from 4.1 on have. */
public final class ApacheAsync4UnderTest
    extends OneClient<CloseableHttpAsyncClient, ApacheAsync4UnderTest.Running> {
  /** How often the reactor looks for timeouts; each second, if it is not told. */
  private static final int SELECT_MILLIS = 100;

  /** A call that is under way. Until 4.1.2 the future alone ends nothing. */
  static final class Running {
    private final HttpUriRequest request;
    private final Future<?> result;

    Running(HttpUriRequest request, Future<?> result) {
      this.request = request;
      this.result = result;
    }

    void cancel() {
      request.abort();
      result.cancel(true);
    }
  }

  @Override
  protected CloseableHttpAsyncClient build(Settings settings) {
    CloseableHttpAsyncClient client = configured(settings);
    client.start();
    return client;
  }

  private static CloseableHttpAsyncClient configured(Settings settings) {
    HttpAsyncClientBuilder builder = HttpAsyncClientBuilder.create();
    switch (settings.variant()) {
      case SYSTEM_PROPERTIES:
        settings.proxyBySystemProperties();
        return builder.useSystemProperties().build();
      case KEEPS_EVERYTHING:
        builder.setConnectionReuseStrategy((response, context) -> true);
        builder.setKeepAliveStrategy((response, context) -> TimeUnit.HOURS.toMillis(1));
        break;
      case NEGOTIATE:
        builder.setDefaultAuthSchemeRegistry(
            RegistryBuilder.<AuthSchemeProvider>create()
                .register("negotiate", context -> new Negotiated())
                .build());
        break;
      default:
        break;
    }
    RequestConfig.Builder config = RequestConfig.custom();
    Long readTimeout = settings.readTimeout();
    if (readTimeout != null) {
      config.setSocketTimeout(readTimeout.intValue());
    }
    Long connectTimeout = settings.connectTimeout();
    if (connectTimeout != null) {
      config.setConnectTimeout(connectTimeout.intValue());
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

  private static NHttpClientConnectionManager manager(Settings settings) {
    DnsResolver resolver =
        settings.addresses().isEmpty() ? SystemDefaultDnsResolver.INSTANCE : settings::resolve;
    PoolingNHttpClientConnectionManager manager =
        new PoolingNHttpClientConnectionManager(reactor(), null, resolver);
    boolean single = settings.variant() == Variant.SINGLE_CONNECTION;
    manager.setDefaultMaxPerRoute(single ? 1 : 256);
    manager.setMaxTotal(single ? 1 : 512);
    return settings.variant() == Variant.OWN_MANAGER
        ? PassedOn.to(manager, NHttpClientConnectionManager.class)
        : manager;
  }

  private static DefaultConnectingIOReactor reactor() {
    try {
      return new DefaultConnectingIOReactor(
          IOReactorConfig.custom().setSelectInterval(SELECT_MILLIS).build());
    } catch (IOReactorException e) {
      throw new IllegalStateException(e);
    }
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
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    Future<Reply> future =
        client()
            .execute(
                HttpAsyncMethods.create(request),
                new ReplyConsumer(call.consume(), reply),
                HttpClientContext.create(),
                new Completing(reply));
    Running running = new Running(request, future);
    begun(call, running);
    try {
      return reply.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    } finally {
      // Where the body is not wanted to its end this is how to say so, and what an interrupt means.
      running.cancel();
      ended(call);
    }
  }

  @Override
  protected void cancel(Running call) {
    call.cancel();
  }
}

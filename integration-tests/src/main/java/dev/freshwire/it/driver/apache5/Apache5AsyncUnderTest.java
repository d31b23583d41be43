package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.PassedOn;
import dev.freshwire.it.driver.Settings;
import dev.freshwire.it.driver.Variant;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.nio.AsyncClientConnectionManager;
import org.apache.hc.core5.util.TimeValue;

/** The asynchronous client, which negotiates HTTP/2, by what all versions have. */
public class Apache5AsyncUnderTest extends AsyncClient {
  @Override
  CloseableHttpAsyncClient configured(Settings settings) {
    HttpAsyncClientBuilder builder =
        HttpAsyncClientBuilder.create()
            .addRequestInterceptorFirst(new NamedExchange())
            .addExecInterceptorFirst("end", new ExchangeEnd());
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
      default:
        break;
    }
    return builder
        .setConnectionManager(manager(settings))
        .setDefaultRequestConfig(Configuration.requestConfig(settings))
        .setDefaultCredentialsProvider(Configuration.credentials(settings))
        .setProxy(Configuration.proxy(settings))
        .build();
  }

  private AsyncClientConnectionManager manager(Settings settings) {
    boolean single = settings.variant() == Variant.SINGLE_CONNECTION;
    PoolingAsyncClientConnectionManagerBuilder manager =
        PoolingAsyncClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(single ? 1 : 256)
            .setMaxConnTotal(single ? 1 : 512);
    if (!settings.addresses().isEmpty()) {
      manager.setDnsResolver(new FixedAddresses(settings));
    }
    configure(manager);
    return settings.variant() == Variant.OWN_MANAGER
        ? PassedOn.to(manager.build(), AsyncClientConnectionManager.class)
        : manager.build();
  }

  /** What not all versions have. */
  void configure(PoolingAsyncClientConnectionManagerBuilder manager) {}
}

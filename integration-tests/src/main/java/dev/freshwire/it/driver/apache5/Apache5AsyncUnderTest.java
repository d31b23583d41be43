package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Settings;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;

/** The asynchronous client, which negotiates HTTP/2, by what all versions have. */
public class Apache5AsyncUnderTest extends AsyncClient {
  @Override
  CloseableHttpAsyncClient build(Settings settings) {
    PoolingAsyncClientConnectionManagerBuilder manager =
        PoolingAsyncClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(256)
            .setMaxConnTotal(512);
    if (!settings.addresses().isEmpty()) {
      manager.setDnsResolver(new FixedAddresses(settings));
    }
    configure(manager);
    return HttpAsyncClientBuilder.create()
        .setConnectionManager(manager.build())
        .addRequestInterceptorFirst(new NamedExchange())
        .addExecInterceptorFirst("end", new ExchangeEnd())
        .setDefaultRequestConfig(Configuration.requestConfig(settings))
        .setDefaultCredentialsProvider(Configuration.credentials(settings))
        .setProxy(Configuration.proxy(settings))
        .build();
  }

  /** What not all versions have. */
  void configure(PoolingAsyncClientConnectionManagerBuilder manager) {}
}

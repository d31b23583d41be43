package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Settings;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.H2AsyncClientBuilder;

/** The asynchronous client that speaks nothing but HTTP/2, whatever was negotiated. */
public final class Apache5Http2UnderTest extends AsyncClient {
  @Override
  CloseableHttpAsyncClient configured(Settings settings) {
    return H2AsyncClientBuilder.create()
        .addRequestInterceptorFirst(new NamedExchange())
        .addExecInterceptorFirst("end", new ExchangeEnd())
        .setDefaultRequestConfig(Configuration.requestConfig(settings))
        .setDefaultCredentialsProvider(Configuration.credentials(settings))
        .build();
  }
}

package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import java.io.IOException;
import java.util.concurrent.ExecutionException;
import org.apache.hc.client5.http.async.methods.SimpleHttpRequest;
import org.apache.hc.client5.http.async.methods.SimpleHttpResponse;
import org.apache.hc.client5.http.async.methods.SimpleRequestBuilder;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.impl.async.HttpAsyncClients;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ContentType;

/** Apache HttpClient 5, its asynchronous API, waited for; by hand as the classic one. */
public final class Apache5Async implements Caller.Factory {
  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
    HttpAsyncClientBuilder builder =
        HttpAsyncClients.custom()
            .setConnectionManager(
                PoolingAsyncClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(256)
                    .setMaxConnTotal(256)
                    .setTlsStrategy(new DefaultClientTlsStrategy(server.tls()))
                    .build());
    if (freshByHand) {
      builder.setConnectionReuseStrategy((request, response, context) -> false);
    }
    CloseableHttpAsyncClient client = builder.build();
    client.start();
    return () -> {
      try {
        SimpleHttpResponse response = client.execute(request(errand), null).get();
        byte[] answer = response.getBodyBytes();
        return Caller.checked(response.getCode(), answer == null ? 0 : answer.length);
      } catch (ExecutionException e) {
        throw new IOException(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    };
  }

  private static SimpleHttpRequest request(Caller.Errand errand) {
    byte[] body = errand.body();
    return body == null
        ? SimpleRequestBuilder.get(errand.url()).build()
        : SimpleRequestBuilder.post(errand.url())
            .setBody(body, ContentType.APPLICATION_JSON)
            .build();
  }
}

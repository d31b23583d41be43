package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** Apache HttpClient 5, its classic API; by hand with a reuse strategy that refuses. */
public final class Apache5 implements Caller.Factory {
  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
    HttpClientBuilder builder =
        HttpClients.custom()
            .setConnectionManager(
                PoolingHttpClientConnectionManagerBuilder.create()
                    .setMaxConnPerRoute(256)
                    .setMaxConnTotal(256)
                    .setTlsSocketStrategy(new DefaultClientTlsStrategy(server.tls()))
                    .build());
    if (freshByHand) {
      builder.setConnectionReuseStrategy((request, response, context) -> false);
    }
    CloseableHttpClient client = builder.build();
    return () ->
        client.execute(
            request(errand),
            response -> {
              byte[] answer = EntityUtils.toByteArray(response.getEntity());
              return Caller.checked(response.getCode(), answer.length);
            });
  }

  private static ClassicHttpRequest request(Caller.Errand errand) {
    byte[] body = errand.body();
    if (body == null) {
      return new HttpGet(errand.url());
    }
    HttpPost post = new HttpPost(errand.url());
    post.setEntity(new ByteArrayEntity(body, ContentType.APPLICATION_JSON));
    return post;
  }
}

package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.client.methods.HttpPost;
import org.apache.http.client.methods.HttpRequestBase;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.NoConnectionReuseStrategy;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.client.HttpClients;
import org.apache.http.util.EntityUtils;

/** Apache HttpClient 4; by hand with a reuse strategy that refuses. */
public final class Apache4 implements Caller.Factory {
  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
    HttpClientBuilder builder =
        HttpClients.custom()
            .setSSLContext(server.tls())
            .setMaxConnPerRoute(256)
            .setMaxConnTotal(256);
    if (freshByHand) {
      builder.setConnectionReuseStrategy(NoConnectionReuseStrategy.INSTANCE);
    }
    CloseableHttpClient client = builder.build();
    return () -> {
      try (var response = client.execute(request(errand))) {
        byte[] answer = EntityUtils.toByteArray(response.getEntity());
        return Caller.checked(response.getStatusLine().getStatusCode(), answer.length);
      }
    };
  }

  private static HttpRequestBase request(Caller.Errand errand) {
    byte[] body = errand.body();
    if (body == null) {
      return new HttpGet(errand.url());
    }
    HttpPost post = new HttpPost(errand.url());
    post.setEntity(new ByteArrayEntity(body));
    return post;
  }
}

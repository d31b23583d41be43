package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/** OkHttp 4 or 5; by hand with a pool that keeps nothing. */
public final class OkHttp implements Caller.Factory {
  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
    OkHttpClient.Builder builder =
        new OkHttpClient.Builder()
            .sslSocketFactory(server.tls().getSocketFactory(), server.trust());
    if (freshByHand) {
      builder.connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS));
    }
    OkHttpClient client = builder.build();
    Request.Builder request = new Request.Builder().url(errand.url());
    if (errand.body() != null) {
      request.post(RequestBody.create(errand.body()));
    }
    Request built = request.build();
    return () -> {
      try (Response response = client.newCall(built).execute()) {
        return Caller.checked(response.code(), response.body().bytes().length);
      }
    };
  }
}

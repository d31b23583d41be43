package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The JDK's {@code HttpClient}; by hand with a new one for each call. */
public final class JavaNetHttp implements Caller.Factory {
  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
    // Shared, so that a client for each call does not also cost threads for each call.
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "client");
              thread.setDaemon(true);
              return thread;
            });
    HttpClient.Builder builder = HttpClient.newBuilder().sslContext(server.tls()).executor(threads);
    HttpClient shared = builder.build();
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(errand.url()));
    if (errand.url().startsWith("http:")) {
      // It would ask for an upgrade to HTTP/2 with every first request.
      request.version(HttpClient.Version.HTTP_1_1);
    }
    if (errand.body() != null) {
      request.POST(HttpRequest.BodyPublishers.ofByteArray(errand.body()));
    }
    HttpRequest built = request.build();
    return () -> {
      HttpClient client = freshByHand ? builder.build() : shared;
      try {
        HttpResponse<byte[]> response = client.send(built, HttpResponse.BodyHandlers.ofByteArray());
        return Caller.checked(response.statusCode(), response.body().length);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    };
  }
}

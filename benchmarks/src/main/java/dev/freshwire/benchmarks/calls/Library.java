package dev.freshwire.benchmarks.calls;

import dev.freshwire.benchmarks.server.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.apache.http.impl.NoConnectionReuseStrategy;
import org.apache.http.util.EntityUtils;

/** The clients that are measured, each as its own documentation has it used. */
enum Library {
  /** OkHttp 5. */
  OKHTTP("okhttp") {
    @Override
    Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
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
  },

  /** The JDK's {@code HttpClient}; by hand with a new one for each call. */
  JAVA_NET_HTTP("java.net.http") {
    @Override
    Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
      SSLContext tls = server.tls();
      // Shared, so that a client for each call does not also cost threads for each call.
      ExecutorService threads =
          Executors.newCachedThreadPool(
              task -> {
                Thread thread = new Thread(task, "client");
                thread.setDaemon(true);
                return thread;
              });
      HttpClient.Builder builder = HttpClient.newBuilder().sslContext(tls).executor(threads);
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
          HttpResponse<byte[]> response =
              client.send(built, HttpResponse.BodyHandlers.ofByteArray());
          return Caller.checked(response.statusCode(), response.body().length);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException(e);
        }
      };
    }
  },

  /** {@code HttpURLConnection}; by hand with the system property {@code http.keepAlive=false}. */
  URL_CONNECTION("HttpURLConnection") {
    @Override
    Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand)
        throws IOException {
      System.setProperty("http.keepAlive", Boolean.toString(!freshByHand));
      HttpsURLConnection.setDefaultSSLSocketFactory(server.tls().getSocketFactory());
      URL url = URI.create(errand.url()).toURL();
      return () -> {
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        byte[] body = errand.body();
        if (body != null) {
          connection.setDoOutput(true);
          connection.setFixedLengthStreamingMode(body.length);
          try (OutputStream out = connection.getOutputStream()) {
            out.write(body);
          }
        }
        try (InputStream in = connection.getInputStream()) {
          return Caller.checked(connection.getResponseCode(), in.readAllBytes().length);
        }
      };
    }
  },

  /** Apache HttpClient 4. */
  APACHE4("apache4") {
    @Override
    Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
      org.apache.http.impl.client.HttpClientBuilder builder =
          org.apache.http.impl.client.HttpClients.custom()
              .setSSLContext(server.tls())
              .setMaxConnPerRoute(256)
              .setMaxConnTotal(256);
      if (freshByHand) {
        builder.setConnectionReuseStrategy(NoConnectionReuseStrategy.INSTANCE);
      }
      var client = builder.build();
      return () -> {
        var request =
            errand.body() == null
                ? new org.apache.http.client.methods.HttpGet(errand.url())
                : new org.apache.http.client.methods.HttpPost(errand.url());
        if (request instanceof org.apache.http.client.methods.HttpPost post) {
          post.setEntity(new org.apache.http.entity.ByteArrayEntity(errand.body()));
        }
        try (var response = client.execute(request)) {
          byte[] answer = EntityUtils.toByteArray(response.getEntity());
          return Caller.checked(response.getStatusLine().getStatusCode(), answer.length);
        }
      };
    }
  },

  /** Apache HttpClient 5, its classic API. */
  APACHE5("apache5") {
    @Override
    Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
      var builder =
          org.apache.hc.client5.http.impl.classic.HttpClients.custom()
              .setConnectionManager(
                  org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder
                      .create()
                      .setMaxConnPerRoute(256)
                      .setMaxConnTotal(256)
                      .setTlsSocketStrategy(
                          new org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy(server.tls()))
                      .build());
      if (freshByHand) {
        builder.setConnectionReuseStrategy((request, response, context) -> false);
      }
      var client = builder.build();
      return () -> {
        var request =
            errand.body() == null
                ? new org.apache.hc.client5.http.classic.methods.HttpGet(errand.url())
                : new org.apache.hc.client5.http.classic.methods.HttpPost(errand.url());
        if (errand.body() != null) {
          request.setEntity(
              new org.apache.hc.core5.http.io.entity.ByteArrayEntity(
                  errand.body(), org.apache.hc.core5.http.ContentType.APPLICATION_JSON));
        }
        return client.execute(
            request,
            response -> {
              byte[] answer =
                  org.apache.hc.core5.http.io.entity.EntityUtils.toByteArray(response.getEntity());
              return Caller.checked(response.getCode(), answer.length);
            });
      };
    }
  };

  private final String label;

  Library(String label) {
    this.label = label;
  }

  /** The library of that label; an unknown one is an {@link IllegalArgumentException}. */
  static Library of(String label) {
    for (Library library : values()) {
      if (library.label.equals(label)) {
        return library;
      }
    }
    throw new IllegalArgumentException("No client " + label);
  }

  /**
   * A caller of that server.
   *
   * @param freshByHand whether to have each call open a connection by the library's own means
   */
  abstract Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand)
      throws IOException;
}

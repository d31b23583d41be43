package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URL;
import javax.net.ssl.HttpsURLConnection;

/** {@code HttpURLConnection}; by hand with the system property {@code http.keepAlive=false}. */
public final class UrlConnection implements Caller.Factory {
  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand)
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
}

package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Talks to a twin with the JDK's client. */
final class TwinClient {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** A response, its body read as text. */
  record Answer(int status, HttpResponse<String> response) {
    JsonNode json() throws IOException {
      return MAPPER.readTree(response.body());
    }

    String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }
  }

  private final SupabaseTwin twin;
  private final Protocol protocol;
  private final HttpClient client;

  TwinClient(SupabaseTwin twin, Protocol protocol) throws GeneralSecurityException, IOException {
    this.twin = twin;
    this.protocol = protocol;
    HttpClient.Builder builder = HttpClient.newBuilder();
    if (protocol != Protocol.H1) {
      builder.sslContext(trusting(twin));
    }
    client = builder.build();
  }

  private static SSLContext trusting(SupabaseTwin twin)
      throws GeneralSecurityException, IOException {
    KeyStore trust =
        KeyStore.getInstance(twin.trustStore().toFile(), TwinCertificate.PASSWORD.toCharArray());
    TrustManagerFactory managers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    managers.init(trust);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, managers.getTrustManagers(), null);
    return context;
  }

  HttpClient http() {
    return client;
  }

  URI uri(String path) {
    return URI.create(twin.url(protocol) + path);
  }

  /** Sends with the anonymous key; {@code headers} are names and values in turn. */
  Answer send(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    String[] all = new String[headers.length + 2];
    all[0] = "apikey";
    all[1] = SupabaseTwin.ANON_KEY;
    System.arraycopy(headers, 0, all, 2, headers.length);
    return sendBare(method, path, body, all);
  }

  /** Sends without any key. */
  Answer sendBare(String method, String path, String body, String... headers)
      throws IOException, InterruptedException {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri(path));
    if (headers.length > 0) {
      request.headers(headers);
    }
    request.method(
        method,
        body.isEmpty()
            ? HttpRequest.BodyPublishers.noBody()
            : HttpRequest.BodyPublishers.ofString(body));
    HttpResponse<String> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return new Answer(response.statusCode(), response);
  }

  Answer get(String path, String... headers) throws IOException, InterruptedException {
    return send("GET", path, "", headers);
  }
}

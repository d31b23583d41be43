package dev.freshwire.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** TLS and HTTP/2, through the JDK's client. */
class SecureFaultsTest {
  private static final SSLContext TRUSTING = trusting();

  @ParameterizedTest(name = "{0}")
  @EnumSource(Protocol.class)
  void everyProtocolAnswersAndCounts(Protocol protocol) throws Exception {
    try (FaultServer server = FaultServer.start(protocol, Script.always(Faults.answer()))) {
      for (String host : new String[] {"localhost", "127.0.0.1"}) {
        HttpResponse<String> response = post(server, host, host);
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo("ok " + host);
        assertThat(response.version())
            .isEqualTo(
                protocol == Protocol.TLS_H2
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1);
        assertThat(server.ledger().applied(host)).isEqualTo(1);
      }
      assertThat(server.ledger().accepted()).isEqualTo(2);
    }
  }

  @Test
  void tlsIsVersion13WithAnEcdsaCertificate() throws Exception {
    try (FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(Faults.answer()));
        SSLSocket client =
            (SSLSocket) TRUSTING.getSocketFactory().createSocket("localhost", server.port())) {
      client.startHandshake();
      assertThat(client.getSession().getProtocol()).isEqualTo("TLSv1.3");
      assertThat(client.getSession().getPeerCertificates()[0].getPublicKey().getAlgorithm())
          .isEqualTo("EC");
      assertThat(server.ledger().fullHandshakes()).isEqualTo(1);
    }
  }

  /**
   * Whether a handshake is resumed is the JDK's to decide: the client's own count of the
   * certificates that it was shown says what happened, and the ledger must agree.
   */
  @Test
  void aResumedHandshakeIsNotCountedAsFull() throws Exception {
    int connections = 0;
    int shown = 0;
    for (int round = 0; round < 5 && shown == connections; round++) {
      CertificateCount count = new CertificateCount();
      SSLContext remembering = SSLContext.getInstance("TLS");
      remembering.init(null, new TrustManager[] {count}, null);
      try (FaultServer server =
          FaultServer.start(Protocol.TLS_H1, Script.always(Faults.finishWhenIdle(Duration.ZERO)))) {
        for (int i = 0; i < 3; i++) {
          try (SSLSocket client =
              (SSLSocket) remembering.getSocketFactory().createSocket("localhost", server.port())) {
            client
                .getOutputStream()
                .write(
                    "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
            // To the end: the session's ticket comes with it.
            assertThat(client.getInputStream().readAllBytes()).isNotEmpty();
          }
        }
        assertThat(server.ledger().accepted()).isEqualTo(3);
        assertThat(server.ledger().fullHandshakes()).isEqualTo(count.shown.get());
      }
      connections += 3;
      shown += count.shown.get();
    }
    assertThat(shown).as("certificates shown, of connections").isLessThan(connections);
  }

  @Test
  void droppedHandshakesAreAcceptedAndNotServed() throws Exception {
    try (FaultServer server =
        FaultServer.start(Protocol.TLS_H1, Script.always(Faults.answer()))
            .admission(Admission.HANG_UP.first(2))) {
      for (int i = 0; i < 2; i++) {
        try (SSLSocket client =
            (SSLSocket) TRUSTING.getSocketFactory().createSocket("localhost", server.port())) {
          assertThatThrownBy(client::startHandshake).isInstanceOf(IOException.class);
        }
      }
      assertThat(post(server, "localhost", "a").statusCode()).isEqualTo(200);
      assertThat(server.ledger().accepted()).isEqualTo(3);
      assertThat(server.ledger().arrivals("a")).isEqualTo(1);
    }
  }

  @Test
  void aGoAwayCoveringTheStreamAppliesItAndEndsTheConnection() {
    try (FaultServer server =
        FaultServer.start(Protocol.TLS_H2, Script.always(Faults.goAwayCovering()))) {
      assertThatThrownBy(() -> post(server, "localhost", "a")).isInstanceOf(IOException.class);
      assertThat(server.ledger().arrivals("a")).isEqualTo(1);
      assertThat(server.ledger().applied("a")).isEqualTo(1);
    }
  }

  @Test
  void refusedAndUncoveredStreamsAreNotApplied() {
    for (Fault fault : new Fault[] {Faults.refuseStream(), Faults.goAwayBelow()}) {
      try (FaultServer server = FaultServer.start(Protocol.TLS_H2, Script.always(fault))) {
        assertThatThrownBy(() -> post(server, "localhost", "a")).isInstanceOf(IOException.class);
        assertThat(server.ledger().arrivals("a")).isPositive();
        assertThat(server.ledger().applied("a")).isZero();
      }
    }
  }

  @Test
  void aLateEndOfStreamFollowsTheLastByte() throws Exception {
    try (FaultServer server =
        FaultServer.start(
            Protocol.TLS_H2, Script.always(Faults.lateEndOfStream(Duration.ofMillis(50), "all")))) {
      HttpResponse<String> response = post(server, "localhost", "a");
      assertThat(response.body()).isEqualTo("all");
      assertThat(response.headers().firstValue("content-length")).contains("3");
    }
  }

  @ParameterizedTest(name = "{0}")
  @EnumSource(Protocol.class)
  void aLargeBodyArrivesWhole(Protocol protocol) throws Exception {
    int size = 4 << 20;
    try (FaultServer server = FaultServer.start(protocol, Script.always(Faults.large(size)))) {
      assertThat(post(server, "localhost", "a").body()).hasSize(size);
    }
  }

  @Test
  void authenticationGzipAndRedirectsAreWhatTheySay() throws Exception {
    try (FaultServer server =
        FaultServer.start(
            Protocol.H1,
            Script.always(Faults.unauthorized())
                .onPath("/gzip", Faults.gzip("text"))
                .onPath("/moved", Faults.reject(302, Map.of("Location", "/else"))))) {
      assertThat(send(server, "/", "Authorization", "Basic x").statusCode()).isEqualTo(200);
      assertThat(send(server, "/", "Other", "x").statusCode()).isEqualTo(401);
      assertThat(send(server, "/gzip", "Accept-Encoding", "gzip").headers().map())
          .containsKey("content-encoding");
      assertThat(send(server, "/gzip", "Other", "x").body()).isEqualTo("text");
      assertThat(send(server, "/moved", "Other", "x").headers().firstValue("location"))
          .contains("/else");
    }
  }

  private static HttpResponse<String> send(
      FaultServer server, String path, String header, String value) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(server.url("localhost", path)))
                .header(header, value)
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  /** On a client of its own, so that no connection is reused. */
  private static HttpResponse<String> post(FaultServer server, String host, String id)
      throws Exception {
    HttpClient.Builder client = HttpClient.newBuilder().sslContext(TRUSTING);
    if (server.protocol() != Protocol.TLS_H2) {
      client.version(HttpClient.Version.HTTP_1_1);
    }
    return client
        .build()
        .send(
            HttpRequest.newBuilder(URI.create(server.url(host, "/")))
                .header("X-Request-Id", id)
                .POST(HttpRequest.BodyPublishers.ofString("body"))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static SSLContext trusting() {
    try {
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(Identity.ofThisJvm().trusted("JKS"));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Trusts every server: on loopback, and to count. */
  private static final class CertificateCount extends X509ExtendedTrustManager {
    final AtomicInteger shown = new AtomicInteger();

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
      shown.incrementAndGet();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
      shown.incrementAndGet();
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {
      shown.incrementAndGet();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}

package dev.freshwire.it.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** HTTP/1.1 spoken by hand, so that nothing between the test and the socket hides a fault. */
@SuppressWarnings("try") // Closing early is what some of these tests are about.
class RawFaultsTest {
  private static final Duration EVENT = Duration.ofSeconds(5);
  private static final Duration SOON = Duration.ofMillis(20);

  @Test
  void anAnswerIsCountedAndTheConnectionStays() throws Exception {
    try (FaultServer server = start(Faults.answer());
        Socket client = connect(server)) {
      assertThat(exchange(client, "POST", "a")).startsWith("HTTP/1.1 200 OK");
      assertThat(exchange(client, "POST", "a")).endsWith("ok a");
      assertThat(server.ledger().accepted()).isEqualTo(1);
      assertThat(server.ledger().open()).isEqualTo(1);
      assertThat(server.ledger().arrivals("a")).isEqualTo(2);
      assertThat(server.ledger().appliedTwice()).containsExactly(Map.entry("a", 2));
      client.close();
      assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0)).isTrue();
    }
  }

  @Test
  void faultsTakeTurnsPerRequestId() throws Exception {
    try (FaultServer server =
            FaultServer.start(
                Protocol.H1,
                Script.inTurn(
                    Faults.reject(503, Map.of("Retry-After", "1")),
                    Faults.reject(520, Map.of()),
                    Faults.answer()));
        Socket client = connect(server)) {
      assertThat(exchange(client, "GET", "a")).startsWith("HTTP/1.1 503 ").contains("1\r\n");
      assertThat(exchange(client, "GET", "b")).startsWith("HTTP/1.1 503 ");
      assertThat(exchange(client, "GET", "a")).startsWith("HTTP/1.1 520 ");
      assertThat(exchange(client, "GET", "a")).startsWith("HTTP/1.1 200 ");
      assertThat(server.ledger().applied("a")).isEqualTo(1);
      assertThat(server.ledger().applied("b")).isZero();
    }
  }

  @Test
  void resetReadsTheRequestAppliesItAndCutsTheConnection() throws Exception {
    try (FaultServer server = start(Faults.reset());
        Socket client = connect(server)) {
      send(client, "POST", "a");
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("reset");
      assertThat(server.ledger().applied("a")).isEqualTo(1);
    }
  }

  @Test
  void finishEndsTheConnectionAndWaitsForTheClientToCloseToo() throws Exception {
    try (FaultServer server = start(Faults.finishWhenIdle(SOON));
        Socket client = connect(server)) {
      exchange(client, "GET", "a");
      assertThat(client.getInputStream().read()).as("end of stream").isEqualTo(-1);
      assertThat(server.ledger().open()).as("the client has not closed").isEqualTo(1);
      client.close();
      assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0)).isTrue();
    }
  }

  @Test
  void bytesSentAfterTheFinishAreAnsweredWithAReset() throws Exception {
    try (FaultServer server = start(Faults.finishWhenIdle(SOON));
        Socket client = connect(server)) {
      exchange(client, "GET", "a");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      send(client, "GET", "b");
      assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0)).isTrue();
      assertThat(server.ledger().arrivals("b")).isZero();
    }
  }

  @Test
  void resetWhenIdleCutsTheConnectionAfterTheAnswer() throws Exception {
    try (FaultServer server = start(Faults.resetWhenIdle(SOON));
        Socket client = connect(server)) {
      assertThat(exchange(client, "GET", "a")).endsWith("ok a");
      assertThatThrownBy(() -> client.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThat(server.ledger().await(EVENT, seen -> seen.idleFaults() == 1)).isTrue();
    }
  }

  @Test
  void whatIsSentAfterVanishWhenIdleIsNeitherAnsweredNorCounted() throws Exception {
    try (FaultServer server = start(Faults.vanishWhenIdle(SOON));
        Socket client = connect(server)) {
      exchange(client, "GET", "a");
      assertThat(server.ledger().await(EVENT, seen -> seen.idleFaults() == 1)).isTrue();
      send(client, "GET", "b");
      client.setSoTimeout(300);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(server.ledger().arrivals("b")).isZero();
      assertThat(server.ledger().open()).isEqualTo(1);
    }
  }

  @Test
  void silenceAppliesTheRequestAndNeverAnswers() throws Exception {
    try (FaultServer server = start(Faults.silence());
        Socket client = connect(server)) {
      send(client, "POST", "a");
      client.setSoTimeout(300);
      assertThatThrownBy(() -> client.getInputStream().read())
          .isInstanceOf(SocketTimeoutException.class);
      assertThat(server.ledger().applied("a")).isEqualTo(1);
    }
  }

  @Test
  void theHundredthRequestOfAConnectionEndsIt() throws Exception {
    try (FaultServer server = start(Faults.atRequest(100, Faults.finish()));
        Socket client = connect(server)) {
      for (int i = 1; i < 100; i++) {
        assertThat(exchange(client, "GET", "n" + i)).endsWith("ok n" + i);
      }
      send(client, "GET", "n100");
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(server.ledger().arrivals("n100")).isEqualTo(1);
    }
  }

  @Test
  void halfABodyComesBeforeTheReset() throws Exception {
    try (FaultServer server = start(Faults.halfBodyThenReset());
        Socket client = connect(server)) {
      send(client, "GET", "a");
      InputStream in = client.getInputStream();
      assertThat(head(in)).contains("content-length: 64");
      assertThat(in.readNBytes(32)).hasSize(32);
      assertThatThrownBy(in::read).isInstanceOf(SocketException.class);
    }
  }

  @Test
  void aBodyCanBeRejectedBeforeItIsSent() throws Exception {
    try (FaultServer server = start(Faults.rejectBeforeBody(413));
        Socket client = connect(server)) {
      write(client, "POST / HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\r\nContent-Length: 10\r\n\r\n");
      assertThat(response(client)).startsWith("HTTP/1.1 413 ");
      write(client, "0123456789");
      assertThat(exchange(client, "GET", "b")).startsWith("HTTP/1.1 413 ");
    }
  }

  @Test
  void aClientThatExpects100ContinueGetsIt() throws Exception {
    try (FaultServer server = start(Faults.answer());
        Socket client = connect(server)) {
      write(
          client,
          String.join(
              "\r\n",
              "POST / HTTP/1.1",
              "Host: x",
              "X-Request-Id: a",
              "Content-Length: 2",
              "Expect: 100-continue",
              "",
              ""));
      assertThat(head(client.getInputStream())).startsWith("HTTP/1.1 100 ");
      write(client, "ab");
      assertThat(response(client)).startsWith("HTTP/1.1 200 ").endsWith("ok a");
    }
  }

  @Test
  void admissionsHangUpOnAndResetTheFirstConnections() throws Exception {
    try (FaultServer server = start(Faults.answer())) {
      server.admission(
          number ->
              number == 1 ? Admission.HANG_UP : number == 2 ? Admission.RESET : Admission.SERVE);
      try (Socket first = connect(server)) {
        send(first, "GET", "a");
        assertThat(first.getInputStream().read()).isEqualTo(-1);
      }
      try (Socket second = connect(server)) {
        assertThatThrownBy(() -> second.getInputStream().read())
            .isInstanceOf(SocketException.class);
      }
      try (Socket third = connect(server)) {
        assertThat(exchange(third, "GET", "a")).endsWith("ok a");
      }
      assertThat(server.ledger().accepted()).isEqualTo(3);
      assertThat(server.ledger().arrivals()).isEqualTo(1);
    }
  }

  @Test
  void anOutageResetsConnectionsAndRefusesNewOnesUntilItEnds() throws Exception {
    try (FaultServer server = start(Faults.answer());
        Socket before = connect(server)) {
      exchange(before, "GET", "a");
      server.outage();
      assertThatThrownBy(() -> before.getInputStream().read()).isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
      server.listen();
      try (Socket after = connect(server)) {
        assertThat(exchange(after, "GET", "b")).endsWith("ok b");
      }
    }
  }

  @Test
  void aReservedPortRefusesUntilItListens() throws Exception {
    try (FaultServer server = FaultServer.reserve(Protocol.H1, Script.always(Faults.answer()))) {
      assertThatThrownBy(() -> connect(server)).isInstanceOf(ConnectException.class);
      server.listen();
      try (Socket client = connect(server)) {
        assertThat(exchange(client, "GET", "a")).endsWith("ok a");
      }
    }
  }

  @Test
  void aSilentPortNeitherAcceptsNorRefuses() throws Exception {
    try (SilentPort silent = SilentPort.open();
        Socket client = new Socket()) {
      assertThatThrownBy(
              () ->
                  client.connect(new InetSocketAddress(FaultServer.loopback(), silent.port()), 400))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @Test
  void eventsComeOneByOneWithSilenceBetween() throws Exception {
    try (FaultServer server = start(Faults.events(2, Duration.ofMillis(300)));
        Socket client = connect(server)) {
      send(client, "GET", "a");
      InputStream in = client.getInputStream();
      assertThat(head(in)).contains("text/event-stream");
      assertThat(new String(in.readNBytes(14), StandardCharsets.US_ASCII)).contains("data: 1");
      long start = System.nanoTime();
      assertThat(new String(in.readNBytes(14), StandardCharsets.US_ASCII)).contains("data: 2");
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
    }
  }

  @Test
  void aTunnelLeadsToTheOriginAndIsCounted() throws Exception {
    try (FaultServer server = start(Faults.answer());
        ConnectProxy proxy = ConnectProxy.start();
        Socket client = new Socket(FaultServer.loopback(), proxy.port())) {
      write(client, "CONNECT localhost:" + server.port() + " HTTP/1.1\r\n\r\n");
      assertThat(head(client.getInputStream())).startsWith("HTTP/1.1 200 ");
      assertThat(exchange(client, "GET", "a")).endsWith("ok a");
      assertThat(proxy.tunnels()).isEqualTo(1);
    }
  }

  private static FaultServer start(Fault fault) {
    return FaultServer.start(Protocol.H1, Script.always(fault));
  }

  private static Socket connect(FaultServer server) throws IOException {
    return new Socket(FaultServer.loopback(), server.port());
  }

  private static String exchange(Socket client, String method, String id) throws IOException {
    send(client, method, id);
    return response(client);
  }

  private static void send(Socket client, String method, String id) throws IOException {
    write(
        client,
        method
            + " / HTTP/1.1\r\nHost: localhost\r\nX-Request-Id: "
            + id
            + "\r\nContent-Length: 0\r\n\r\n");
  }

  private static void write(Socket client, String text) throws IOException {
    client.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    client.getOutputStream().flush();
  }

  /** Reads one response with a Content-Length, head and body. */
  private static String response(Socket client) throws IOException {
    InputStream in = client.getInputStream();
    String head = head(in);
    int at = head.indexOf("content-length: ") + "content-length: ".length();
    int length = Integer.parseInt(head.substring(at, head.indexOf("\r\n", at)));
    return head + new String(in.readNBytes(length), StandardCharsets.US_ASCII);
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("after: " + head);
      }
      head.append((char) next);
    }
    return head.toString();
  }
}

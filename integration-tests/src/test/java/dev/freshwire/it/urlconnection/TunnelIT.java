package dev.freshwire.it.urlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.ConnectProxy;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The way to https through a proxy: until there is a tunnel nothing of the request was sent. */
@Execution(ExecutionMode.CONCURRENT)
class TunnelIT {
  private static final Duration CONNECT = Duration.ofSeconds(2);

  private static final String LIMITED = ",connect-timeout=" + CONNECT.toSeconds() + "s";

  /** What becomes of a connection to the proxy when it has asked for a tunnel. */
  private enum Mishap {
    NONE,
    RESET,
    FINISH,
    SILENCE,
    SILENT_TUNNEL
  }

  static Stream<Arguments> silences() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(Mishap.SILENCE, Mishap.SILENT_TUNNEL)
                    .map(silence -> Arguments.of(jvm, silence)));
  }

  @ParameterizedTest(name = "{1}, on {0}")
  @MethodSource("silences")
  void aProxyThatGoesSilentFailsTheCallWithinTheConnectTimeout(TestedJvm jvm, Mishap silence)
      throws IOException {
    try (FaultyProxy proxy = new FaultyProxy(silence, silence, silence, silence);
        FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(Faults.answer()));
        ForkedClient fork = start(jvm, LIMITED);
        ForkedClient.Session client = fork.open(Map.of("proxyPort", proxy.port()))) {
      warmUp(fork, server);
      long start = System.nanoTime();
      ForkedClient.Running running =
          client.start(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      CallResult result = running.await(CONNECT.multipliedBy(6));
      Duration elapsed = Duration.ofNanos(System.nanoTime() - start);
      if (result.pending()) {
        running.cancel();
      }

      assertThat(result.failed()).as("%s after %s", result, elapsed).isTrue();
      assertThat(elapsed).as("%s", result).isBetween(CONNECT, CONNECT.multipliedBy(3));
      assertThat(proxy.connections()).isEqualTo(1);
    }
  }

  static Stream<TestedJvm> jvms() {
    return TestedJvm.all().stream();
  }

  @ParameterizedTest(name = "on {0}")
  @MethodSource("jvms")
  void theLimitEndsWithTheTunnel(TestedJvm jvm) throws IOException {
    Script slow = Script.always(Faults.answerAfter(Duration.ofMillis(2_500)));
    try (ConnectProxy proxy = ConnectProxy.start();
        FaultServer server = FaultServer.start(Protocol.TLS_H1, slow);
        ForkedClient fork = start(jvm, LIMITED);
        ForkedClient.Session client = fork.open(Map.of("proxyPort", proxy.port()))) {
      warmUp(fork, server);
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));

      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("r")).isEqualTo(1);
    }
  }

  static Stream<Arguments> mishaps() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(Mishap.RESET, Mishap.FINISH)
                    .flatMap(
                        mishap ->
                            Stream.of("GET", "POST")
                                .map(method -> Arguments.of(jvm, mishap, method))));
  }

  @ParameterizedTest(name = "{1}, {2}, on {0}")
  @MethodSource("mishaps")
  void aTunnelThatWasNotOpenedIsAskedForAgain(TestedJvm jvm, Mishap mishap, String method)
      throws IOException {
    try (FaultyProxy proxy = new FaultyProxy(mishap, mishap);
        FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(Faults.answer()));
        ForkedClient fork = start(jvm, "");
        ForkedClient.Session client = fork.open(Map.of("proxyPort", proxy.port()))) {
      CallResult result = client.call(CallSpec.of(method, server.url("localhost", "/"), "r"));

      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("r")).isEqualTo(1);
      assertThat(proxy.connections()).isEqualTo(3);
    }
  }

  @ParameterizedTest(name = "{1}, {2}, on {0}")
  @MethodSource("mishaps")
  void noMoreThanThereAreAttempts(TestedJvm jvm, Mishap mishap, String method) throws IOException {
    try (FaultyProxy proxy = new FaultyProxy(mishap, mishap, mishap, mishap);
        FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(Faults.answer()));
        ForkedClient fork = start(jvm, "");
        ForkedClient.Session client = fork.open(Map.of("proxyPort", proxy.port()))) {
      CallResult result = client.call(CallSpec.of(method, server.url("localhost", "/"), "r"));

      assertThat(result.failed()).as("%s: %s", result, server.ledger()).isTrue();
      assertThat(proxy.connections()).isEqualTo(3);
    }
  }

  /** The handshake in the first tunnel fails, then the second is not opened. */
  @ParameterizedTest(name = "{1}, {2}, on {0}")
  @MethodSource("mishaps")
  void soIsTheTunnelOfAnotherHandshake(TestedJvm jvm, Mishap mishap, String method)
      throws IOException {
    try (FaultyProxy proxy = new FaultyProxy(Mishap.NONE, mishap);
        FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(Faults.answer()));
        ForkedClient fork = start(jvm, "");
        ForkedClient.Session client = fork.open(Map.of("proxyPort", proxy.port()))) {
      server.admission(Admission.HANG_UP.first(1));
      CallResult result = client.call(CallSpec.of(method, server.url("localhost", "/"), "r"));

      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("r")).isEqualTo(1);
      assertThat(proxy.connections()).isEqualTo(3);
    }
  }

  /** A request that was sent, and may be again. */
  @ParameterizedTest(name = "on {0}")
  @MethodSource("jvms")
  void soIsTheTunnelOfAnotherAttempt(TestedJvm jvm) throws IOException {
    Script script = Script.inTurn(Faults.reset(), Faults.answer());
    try (FaultyProxy proxy = new FaultyProxy(Mishap.NONE, Mishap.RESET);
        FaultServer server = FaultServer.start(Protocol.TLS_H1, script);
        ForkedClient fork = start(jvm, "");
        ForkedClient.Session client = fork.open(Map.of("proxyPort", proxy.port()))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));

      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("r")).isEqualTo(2);
      assertThat(proxy.connections()).isEqualTo(3);
    }
  }

  /** Directly; what a JVM takes for its first call is not what is measured. */
  private static void warmUp(ForkedClient fork, FaultServer server) {
    try (ForkedClient.Session direct = fork.open(Map.of())) {
      direct.call(CallSpec.of("GET", server.url("127.0.0.1", "/"), "warm"));
    }
  }

  private static ForkedClient start(TestedJvm jvm, String options) {
    return ForkedClient.start(
        jvm,
        new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
        HttpUrlConnectionUnderTest.class,
        "hosts=localhost,retry.backoff=1ms..2ms" + options);
  }

  /** Passes connections on to a proxy that works, but for the first ones. */
  private static final class FaultyProxy implements Closeable {
    private final ConnectProxy proxy = ConnectProxy.start();
    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Queue<Mishap> mishaps;
    private final AtomicInteger connections = new AtomicInteger();

    FaultyProxy(Mishap... first) throws IOException {
      mishaps = new ConcurrentLinkedQueue<>(List.of(first));
      daemon(this::accept);
    }

    int port() {
      return listener.getLocalPort();
    }

    int connections() {
      return connections.get();
    }

    private void accept() {
      while (!listener.isClosed()) {
        try {
          Socket client = listener.accept();
          connections.incrementAndGet();
          Mishap mishap = Objects.requireNonNullElse(mishaps.poll(), Mishap.NONE);
          daemon(() -> serve(client, mishap));
        } catch (IOException closed) {
          return;
        }
      }
    }

    private void serve(Socket client, Mishap mishap) {
      try (client) {
        if (mishap == Mishap.NONE) {
          Socket origin = new Socket(InetAddress.getLoopbackAddress(), proxy.port());
          daemon(() -> pump(origin, client));
          pump(client, origin);
          return;
        }
        readHead(client.getInputStream());
        switch (mishap) {
          case RESET -> client.setSoLinger(true, 0);
          case SILENCE -> client.getInputStream().transferTo(OutputStream.nullOutputStream());
          case SILENT_TUNNEL -> {
            say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
          }
          default -> {
            // It is closed.
          }
        }
      } catch (IOException e) {
        // The client has gone.
      }
    }

    private static void pump(Socket from, Socket to) {
      try (from;
          to) {
        from.getInputStream().transferTo(to.getOutputStream());
      } catch (IOException e) {
        // Either side went: so does the other.
      }
    }

    private static void readHead(InputStream in) throws IOException {
      StringBuilder head = new StringBuilder();
      while (head.indexOf("\r\n\r\n") < 0) {
        int next = in.read();
        if (next < 0) {
          throw new EOFException();
        }
        head.append((char) next);
      }
    }

    private static void say(Socket to, String text) throws IOException {
      to.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static void daemon(Runnable task) {
      Thread thread = new Thread(task, "faulty-proxy");
      thread.setDaemon(true);
      thread.start();
    }

    @Override
    public void close() throws IOException {
      listener.close();
      proxy.close();
    }
  }
}

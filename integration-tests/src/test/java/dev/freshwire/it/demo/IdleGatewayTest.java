package dev.freshwire.it.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class IdleGatewayTest {

  private static final Duration IDLE = Duration.ofSeconds(100);

  private final AtomicLong now = new AtomicLong();
  private final AtomicInteger arrivals = new AtomicInteger();
  private ServerSocket server;

  /** A server that answers every byte with the same byte. */
  @BeforeEach
  void start() throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread acceptor =
        new Thread(
            () -> {
              while (!server.isClosed()) {
                try {
                  Socket accepted = server.accept();
                  Thread echo = new Thread(() -> echo(accepted));
                  echo.setDaemon(true);
                  echo.start();
                } catch (IOException e) {
                  return;
                }
              }
            });
    acceptor.setDaemon(true);
    acceptor.start();
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void echo(Socket socket) {
    try (socket) {
      InputStream in = socket.getInputStream();
      for (int read = in.read(); read >= 0; read = in.read()) {
        arrivals.incrementAndGet();
        socket.getOutputStream().write(read);
      }
    } catch (IOException e) {
      // The gateway cut it off.
    }
  }

  @Test
  void dealsEveryFateToTheConnectionsThatWereIdle() throws Exception {
    List<String> outcomes = new ArrayList<>();
    try (IdleGateway gateway = gateway(1)) {
      for (int i = 0; i < 7; i++) {
        outcomes.add(reuse(gateway, IDLE));
      }
    }
    Collections.sort(outcomes);

    assertThat(outcomes)
        .containsExactly(
            "closed, 0 arrivals",
            "reset, 0 arrivals",
            "reset, 0 arrivals",
            "reset, 1 arrivals",
            "reset, 1 arrivals",
            "reset, 1 arrivals",
            "silence, 0 arrivals");
  }

  @Test
  void dealsTheSameFatesForTheSameSeed() throws Exception {
    List<List<String>> runs = new ArrayList<>();
    for (long seed : new long[] {5, 5, 6}) {
      List<String> outcomes = new ArrayList<>();
      try (IdleGateway gateway = gateway(seed)) {
        for (int i = 0; i < 7; i++) {
          outcomes.add(reuse(gateway, IDLE));
        }
      }
      runs.add(outcomes);
    }

    assertThat(runs.get(1)).isEqualTo(runs.get(0));
    assertThat(runs.get(2)).isNotEqualTo(runs.get(0));
  }

  @Test
  void leavesAConnectionAloneThatIsUsedInTime() throws Exception {
    try (IdleGateway gateway = gateway(1)) {
      for (int i = 0; i < 7; i++) {
        assertThat(reuse(gateway, IDLE.minusNanos(1))).isEqualTo("answer, 1 arrivals");
      }
      assertThat(gateway.accepted()).hasSize(7);
    }
  }

  @Test
  void leavesAConnectionAloneUntilItsFirstAnswer() throws Exception {
    try (IdleGateway gateway =
        new IdleGateway(server.getLocalPort(), port -> false, IDLE, 1, now::get)) {
      for (int i = 0; i < 7; i++) {
        assertThat(reuse(gateway, IDLE)).isEqualTo("answer, 1 arrivals");
      }
    }
  }

  private IdleGateway gateway(long seed) throws IOException {
    return new IdleGateway(server.getLocalPort(), port -> true, IDLE, seed, now::get);
  }

  /** Sends a byte, lets time pass, sends another; says what became of it. */
  private String reuse(IdleGateway gateway, Duration pause) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
      socket.setSoTimeout((int) TimeUnit.SECONDS.toMillis(10));
      socket.getOutputStream().write(1);
      assertThat(socket.getInputStream().read()).isEqualTo(1);
      int before = arrivals.get();
      now.addAndGet(pause.toNanos());
      String outcome = closedWhileIdle(socket) ? "closed" : second(socket);
      return outcome + ", " + (arrivals.get() - before) + " arrivals";
    }
  }

  private static boolean closedWhileIdle(Socket socket) throws IOException {
    // Several times as long as the gateway takes to look at the clock.
    socket.setSoTimeout(200);
    try {
      return socket.getInputStream().read() < 0;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  private static String second(Socket socket) throws IOException {
    // Long enough for an answer on loopback, where one comes at all.
    socket.setSoTimeout(500);
    try {
      socket.getOutputStream().write(2);
      return socket.getInputStream().read() < 0 ? "end" : "answer";
    } catch (SocketTimeoutException e) {
      return "silence";
    } catch (SocketException e) {
      return "reset";
    }
  }
}

package dev.freshwire.benchmarks.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The delay layer against known answers, with sockets of which every flight is known. */
class DistanceTest {
  /** Far from the 40 ms of a delayed acknowledgement, which would pass for a round trip. */
  private static final int RTT = 100;

  private static final int CALLS = 5;

  @ParameterizedTest(name = "{0}, a connection for each call: {2} round trips")
  @CsvSource({"plain, false, 1", "plain, true, 2", "tls, false, 1", "tls, true, 3"})
  void a_call_takes_its_round_trips(String protocol, boolean fresh, int roundTrips)
      throws Exception {
    try (ServerProcess server = ServerProcess.start(Service.of(protocol, "ecdsa", RTT))) {
      double[] millis = new double[CALLS];
      Socket connection = connect(server);
      get(connection);
      for (int i = 0; i < CALLS; i++) {
        if (fresh) {
          // Before the clock starts: over TLS it waits for the other side to close, too.
          connection.close();
        }
        long start = System.nanoTime();
        if (fresh) {
          connection = connect(server);
        }
        get(connection);
        millis[i] = (System.nanoTime() - start) / 1e6;
      }
      connection.close();
      Arrays.sort(millis);
      // The least of them: what a busy machine adds is no distance.
      assertThat(millis[0] / RTT).isBetween(roundTrips - 0.01, roundTrips + 0.7);
    }
  }

  private static Socket connect(ServerProcess server) throws IOException {
    URI url = URI.create(server.url());
    Socket plain = new Socket(url.getHost(), url.getPort());
    // Otherwise the end of the handshake waits for an acknowledgement before the request goes.
    plain.setTcpNoDelay(true);
    if (url.getScheme().equals("http")) {
      return plain;
    }
    SSLSocket tls =
        (SSLSocket)
            server.tls().getSocketFactory().createSocket(plain, url.getHost(), url.getPort(), true);
    tls.startHandshake();
    return tls;
  }

  private static void get(Socket connection) throws IOException {
    connection
        .getOutputStream()
        .write("GET /1 HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    connection.getOutputStream().flush();
    InputStream in = connection.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("ended after " + head);
      }
      head.append((char) next);
    }
    in.readNBytes(1);
  }
}

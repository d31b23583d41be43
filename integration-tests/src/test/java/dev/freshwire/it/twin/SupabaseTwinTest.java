package dev.freshwire.it.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SupabaseTwinTest {

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void speaksTheProtocolAndCountsConnectionsAndRequests(Protocol protocol) throws Exception {
    try (SupabaseTwin twin = SupabaseTwin.builder().protocols(protocol).start()) {
      TwinClient client = new TwinClient(twin, protocol);

      TwinClient.Answer answer = client.get("/rest/v1/prices", "X-Request-Id", "r1");
      client.get("/rest/v1/prices", "X-Request-Id", "r1");

      assertThat(answer.response().version())
          .isEqualTo(
              protocol == Protocol.H2 ? HttpClient.Version.HTTP_2 : HttpClient.Version.HTTP_1_1);
      assertThat(twin.traffic().connectionsAccepted()).isOne();
      assertThat(twin.traffic().connectionsOpen()).isOne();
      assertThat(twin.traffic().requests()).isEqualTo(2);
      assertThat(twin.traffic().arrivals("r1")).isEqualTo(2);
    }
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void streamsTheAnswerOfAFunction(Protocol protocol) throws Exception {
    try (SupabaseTwin twin = SupabaseTwin.builder().protocols(protocol).start()) {
      TwinClient.Answer answer =
          new TwinClient(twin, protocol).send("POST", "/functions/v1/advise", "{}");

      assertThat(answer.header("Content-Type")).isEqualTo("text/event-stream");
      assertThat(answer.response().body().split("\n\n"))
          .hasSize(7)
          .startsWith("data: {\"index\":0,\"token\":\"hold\"}")
          .endsWith("data: [DONE]");
    }
  }

  @Test
  void closesAConnectionThatIsIdleForTooLong() throws Exception {
    try (SupabaseTwin twin =
            SupabaseTwin.builder()
                .protocols(Protocol.H1)
                .idleTimeout(Duration.ofMillis(100))
                .start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), twin.port(Protocol.H1))) {
      socket.setSoTimeout(10_000);

      assertThat(socket.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void knowsOnWhichConnectionsItHasAnswered() throws Exception {
    try (SupabaseTwin twin = SupabaseTwin.builder().protocols(Protocol.H1).start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), twin.port(Protocol.H1))) {
      socket.setSoTimeout(10_000);
      assertThat(twin.traffic().answered(socket.getLocalPort())).isFalse();

      socket
          .getOutputStream()
          .write(
              "GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                  .getBytes(StandardCharsets.US_ASCII));
      socket.getInputStream().readAllBytes();

      // The server learns that an answer is complete a moment after the client does.
      assertTimeoutPreemptively(
          Duration.ofSeconds(10),
          () -> {
            while (!twin.traffic().answered(socket.getLocalPort())) {
              Thread.onSpinWait();
            }
          });
    }
  }

  @Test
  void doesNotTakeAnUpgradeForAnAnswerThatIsComplete() throws Exception {
    try (SupabaseTwin twin = SupabaseTwin.builder().protocols(Protocol.H1).start();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), twin.port(Protocol.H1))) {
      socket.setSoTimeout(10_000);
      OutputStream out = socket.getOutputStream();
      out.write(
          ("GET /realtime/v1/websocket?apikey="
                  + SupabaseTwin.ANON_KEY
                  + " HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                  + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      byte[] heartbeat =
          "{\"topic\":\"phoenix\",\"event\":\"heartbeat\",\"ref\":\"1\",\"payload\":{}}"
              .getBytes(StandardCharsets.US_ASCII);
      // A text frame, masked with zeros.
      out.write(new byte[] {(byte) 0x81, (byte) (0x80 | heartbeat.length), 0, 0, 0, 0});
      out.write(heartbeat);
      StringBuilder received = new StringBuilder();
      while (received.indexOf("phx_reply") < 0) {
        int read = socket.getInputStream().read();
        assertThat(read).as("the end of: " + received).isNotNegative();
        received.append((char) read);
      }

      assertThat(received).startsWith("HTTP/1.1 101");
      assertThat(twin.traffic().answered(socket.getLocalPort())).isFalse();
    }
  }
}

package dev.freshwire.it.jdkhttp;

import static dev.freshwire.it.faults.Faults.answer;
import static dev.freshwire.it.faults.Faults.answerAfter;
import static dev.freshwire.it.faults.Faults.refuseStream;
import static dev.freshwire.it.faults.Faults.reset;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.jdkhttp.JdkHttpHeldUnderTest;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What takes a connection away from others must leave it to who has it already. */
class SharedConnectionIT {
  private static final Duration EVENT = Duration.ofSeconds(10);

  /** Than the timeout of the request that is held. */
  private static final Duration LONGER = Duration.ofSeconds(2);

  private static final ClientVersion JDK =
      new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM);

  /**
   * A request has reserved a stream and sent nothing yet; the retry of another one takes the
   * connection out of the pool, since what failed goes out on a new one.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  @DisplayName("a connection whose stream is reserved stays open for it")
  void reserved(TestedJvm jvm) {
    try (FaultServer server =
            FaultServer.start(
                Protocol.TLS_H2,
                exchange ->
                    exchange.id().equals("passing") && exchange.arrival() == 1
                        ? refuseStream()
                        : answer());
        ForkedClient fork =
            ForkedClient.start(
                jvm,
                JDK,
                JdkHttpHeldUnderTest.class.getName(),
                "hosts=localhost,reuse=validated,reuse.max-idle=1m");
        ForkedClient.Session session = fork.open(Map.of())) {
      String url = server.url("localhost", "/");
      assertThat(session.call(CallSpec.of("GET", url, "first")).status()).isEqualTo(200);

      ForkedClient.Running held =
          session.start(CallSpec.of("POST", url, "held").body(Call.Body.BYTES, 4));
      CallResult passing = session.call(CallSpec.of("GET", url, "passing"));
      assertThat(passing.status()).as("%s", passing).isEqualTo(200);
      CallResult result = held.await(EVENT);

      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.ledger().arrivals("passing")).isEqualTo(2);
      assertThat(server.ledger().arrivals("held")).isEqualTo(1);
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(2);
      // The one that was taken out of the pool; the retry's own is kept.
      assertThat(server.ledger().await(EVENT, seen -> seen.open() == 1))
          .as("%s", server.ledger())
          .isTrue();
    }
  }

  /**
   * The connection has ended when the request, which reserved a stream of it, is about to be sent.
   * Nothing of it has left, and a POST may go out on another connection.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  @DisplayName("a POST that found its connection ended goes out on another one")
  void unsent(TestedJvm jvm) {
    try (FaultServer server =
            FaultServer.start(
                Protocol.TLS_H2,
                exchange ->
                    exchange.id().equals("passing") && exchange.arrival() == 1
                        ? reset()
                        : answer());
        ForkedClient fork =
            ForkedClient.start(
                jvm,
                JDK,
                JdkHttpHeldUnderTest.class.getName(),
                "hosts=localhost,reuse=validated,reuse.max-idle=1m,read-timeout=5s");
        ForkedClient.Session session = fork.open(Map.of())) {
      String url = server.url("localhost", "/");
      assertThat(session.call(CallSpec.of("GET", url, "first")).status()).isEqualTo(200);

      ForkedClient.Running held =
          session.start(CallSpec.of("POST", url, "held").body(Call.Body.BYTES, 4));
      CallResult passing = session.call(CallSpec.of("GET", url, "passing"));
      assertThat(passing.status()).as("%s", passing).isEqualTo(200);
      assertThat(server.ledger().arrivals("passing")).isEqualTo(2);
      CallResult result = held.await(EVENT);

      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.ledger().arrivals("held")).isEqualTo(1);
    }
  }

  /** Its stream has no number, and does not end the connection when it ends. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  @DisplayName("a connection of its own is closed when its request is cancelled before it is sent")
  void cancelled(TestedJvm jvm) {
    try (FaultServer server =
            FaultServer.start(
                Protocol.TLS_H2,
                exchange -> exchange.id().equals("passing") ? answerAfter(LONGER) : answer());
        ForkedClient fork =
            ForkedClient.start(
                jvm, JDK, JdkHttpHeldUnderTest.class.getName(), "hosts=localhost,reuse=never");
        ForkedClient.Session session = fork.open(Map.of("readTimeout", 1_000))) {
      String url = server.url("localhost", "/");
      assertThat(session.call(CallSpec.of("GET", url, "first")).status()).isEqualTo(200);

      ForkedClient.Running held =
          session.start(CallSpec.of("POST", url, "held").body(Call.Body.BYTES, 4));
      CallResult passing = session.call(CallSpec.of("GET", url, "passing"));
      assertThat(passing.status()).as("%s", passing).isEqualTo(200);
      CallResult result = held.await(EVENT);

      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(server.ledger().arrivals("held")).isZero();
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(3);
      assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0))
          .as("%s", server.ledger())
          .isTrue();
    }
  }
}

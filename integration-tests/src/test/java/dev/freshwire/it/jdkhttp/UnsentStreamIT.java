package dev.freshwire.it.jdkhttp;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.jdkhttp.JdkHttpHeldUnderTest;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An HTTP/2 connection may end after a request got it and before its headers left. */
class UnsentStreamIT {
  private static final Duration EVENT = Duration.ofSeconds(10);
  private static final ClientVersion JDK =
      new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM);

  static Stream<Arguments> combinations() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of("reuse=never", "reuse=validated,reuse.max-idle=1m")
                    .map(mode -> Arguments.of(jvm, mode)));
  }

  @ParameterizedTest(name = "a POST of which nothing was sent is tried again: {0}, {1}")
  @MethodSource("combinations")
  void isTriedAgain(TestedJvm jvm, String mode) {
    try (FaultServer server = FaultServer.start(Protocol.TLS_H2, Script.always(answer()));
        ForkedClient fork = start(jvm, "hosts=localhost," + mode);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = postWhoseConnectionEnds(server, session);

      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.ledger().arrivals("held")).as("%s", server.ledger()).isEqualTo(1);
      assertThat(server.ledger().applied("held")).as("%s", server.ledger()).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "without the agent it is lost: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void isLostWithoutTheAgent(TestedJvm jvm) {
    try (FaultServer server = FaultServer.start(Protocol.TLS_H2, Script.always(answer()));
        ForkedClient fork = start(jvm, null);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = postWhoseConnectionEnds(server, session);

      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(server.ledger().arrivals("held")).as("%s", server.ledger()).isZero();
    }
  }

  private static ForkedClient start(TestedJvm jvm, @Nullable String options) {
    return ForkedClient.start(jvm, JDK, JdkHttpHeldUnderTest.class.getName(), options);
  }

  private static CallResult postWhoseConnectionEnds(
      FaultServer server, ForkedClient.Session session) {
    String url = server.url("localhost", "/");
    assertThat(session.call(CallSpec.of("GET", url, "first")).status()).isEqualTo(200);
    ForkedClient.Running held =
        session.start(CallSpec.of("POST", url, "held").body(Call.Body.BYTES, 4));
    assertThat(session.call(CallSpec.of("GET", url, "watching")).status()).isEqualTo(200);
    server.endAll(false);
    assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0))
        .as("the client has closed it: %s", server.ledger())
        .isTrue();
    assertThat(session.call(CallSpec.of("GET", url, "releasing")).status()).isEqualTo(200);
    return held.await(EVENT);
  }
}

package dev.freshwire.it.jdkhttp;

import static dev.freshwire.it.faults.Faults.reject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The client itself fails a call whose response it does not like. The server has answered, and
 * would count one more wrong password for each further attempt.
 */
class RejectedResponseIT {
  private static final ClientVersion JDK =
      new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM);

  /** Basic credentials are wrong, whatever they are. */
  private static final Fault WRONG_PASSWORD =
      reject(401, Map.of("WWW-Authenticate", "Basic realm=\"faults\""));

  private static final Fault NO_CHALLENGE = reject(401, Map.of());

  static Stream<Arguments> cases() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(Protocol.values())
                    .flatMap(
                        protocol ->
                            Stream.of(
                                Arguments.of(jvm, protocol, "too many challenges", WRONG_PASSWORD),
                                Arguments.of(jvm, protocol, "no challenge", NO_CHALLENGE))));
  }

  @ParameterizedTest(name = "{2}: {0}, {1}")
  @MethodSource("cases")
  void isNotAskedForAgain(TestedJvm jvm, Protocol protocol, String title, Fault answer) {
    int without = arrivals(jvm, protocol, answer, null);
    int with = arrivals(jvm, protocol, answer, "hosts=localhost,retry.backoff=1ms..2ms");
    assertThat(with).as(title).isEqualTo(without);
  }

  private static int arrivals(
      TestedJvm jvm, Protocol protocol, Fault answer, @Nullable String options) {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer));
        ForkedClient fork = ForkedClient.start(jvm, JDK, JdkHttpUnderTest.class, options);
        ForkedClient.Session session = fork.open(Map.of("credentials", "someone"))) {
      CallResult result = session.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      assertThat(result.failed()).as("%s", result).isTrue();
      return server.ledger().arrivals("r");
    }
  }
}

package dev.freshwire.it.jdkhttp;

import static dev.freshwire.it.faults.Faults.answer;
import static dev.freshwire.it.faults.Faults.reject;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The client measures one connect timeout for all attempts of a call, from the first connect on.
 */
class ConnectTimeoutIT {
  private static final ClientVersion JDK =
      new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM);

  static Stream<Arguments> combinations() {
    return TestedJvm.all().stream()
        .flatMap(jvm -> Stream.of(Protocol.values()).map(protocol -> Arguments.of(jvm, protocol)));
  }

  @ParameterizedTest(name = "what was answered may connect again for as long: {0}, {1}")
  @MethodSource("combinations")
  void beginsAnew(TestedJvm jvm, Protocol protocol) {
    Script script = Script.inTurn(reject(503, Map.of("Retry-After", "3")), answer());
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient fork =
            ForkedClient.start(jvm, JDK, JdkHttpUnderTest.class.getName(), "hosts=localhost");
        ForkedClient.Session session = fork.open(Map.of("connectTimeout", 2_000))) {
      CallResult result = session.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.ledger().arrivals("r")).isEqualTo(2);
    }
  }
}

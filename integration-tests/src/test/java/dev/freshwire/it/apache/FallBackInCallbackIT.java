package dev.freshwire.it.apache;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
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
 * The last attempt fails where repeated attempts are begun, and there the application is told. It
 * may do what it may do on its own thread, where the client tells it by itself: wait for another
 * request, which has to be repeated, too.
 */
class FallBackInCallbackIT {
  static Stream<Arguments> clients() {
    return Stream.concat(
        ApacheContract.versions("apache5", "5.0.4", "5.3.1", "5.6.5"),
        ApacheContract.versions("apacheasync4", "4.1", "4.1.3", "4.1.5"));
  }

  @ParameterizedTest(name = "{0} on {1}")
  @MethodSource("clients")
  void isAnswered(ClientVersion version, TestedJvm jvm) {
    ForkedClient fork =
        ForkedClient.start(
            jvm,
            version,
            "dev.freshwire.it.driver." + version.name() + ".FallBackUnderTest",
            "hosts=localhost,nowhere.test,retry.backoff=1ms..2ms");
    try (fork;
        FaultServer server =
            FaultServer.start(Protocol.H1, Script.always(answer()))
                .admission(Admission.RESET.first(1));
        ForkedClient.Session client = fork.open(Map.of())) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "another"));
      assertThat(result.text()).as("%s: %s", result, server.ledger()).isEqualTo("ok another");
      assertThat(server.ledger().arrivals("another")).as("%s", server.ledger()).isEqualTo(1);
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(2);
    }
    assertThat(fork.report().map(AgentReport::errors)).as(fork.stderr()).contains(0L);
  }
}

package dev.freshwire.it.ktorcio;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A request that is tried again is still a coroutine of the application's. */
class KtorCioCoroutineIT {
  @Test
  void theContextIsKeptAndNoThreadIsBlockedDuringAWait() {
    Script unavailableOnce =
        Script.inTurn(Faults.reject(503, Map.of("Retry-After", "1")), answer());
    ForkedClient fork =
        ForkedClient.start(
            TestedJvm.all().get(0),
            new ClientVersion("ktorcio", "3.5.1"),
            "dev.freshwire.it.driver.ktorcio.OnOneThreadUnderTest",
            "hosts=localhost");
    try (FaultServer server = FaultServer.start(Protocol.H1, unavailableOnce);
        ForkedClient closing = fork;
        ForkedClient.Session client = closing.open(Map.of())) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "one"));

      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.ledger().arrivals("one")).isEqualTo(2);
      assertThat(result.text()).isEqualTo("mine on the one");
      assertThat(result.length()).as("ticks of another coroutine meanwhile").isGreaterThan(20);
    }
    assertThat(fork.report().map(AgentReport::errors)).contains(0L);
  }
}

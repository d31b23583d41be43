package dev.freshwire.it.ktorcio;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.FiveChecks;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A request that is tried again is still a coroutine of the application's. */
class KtorCioCoroutineIT {
  /**
   * CIO writes a body in a coroutine of its own, whose failure ends the job that it belongs to.
   * That must not be the call's, below which no other attempt could begin. With a connection that
   * is reset it takes a busy machine: reading mostly fails first.
   */
  @Test
  void aBodyThatBreaksOffDoesNotEndTheCall() {
    ForkedClient fork = start("BreaksOffUnderTest", "hosts=localhost,retry.methods=PUT");
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(answer()));
        ForkedClient closing = fork;
        ForkedClient.Session client = closing.open(Map.of())) {
      CallSpec put =
          CallSpec.of("PUT", server.url("localhost", "/"), "put").body(Call.Body.BYTES, 16);
      CallResult result = client.call(put);

      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("put")).as("%s", server.ledger()).isEqualTo(2);
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(2);
    }
    assertThat(fork.report().map(AgentReport::errors)).contains(0L);
  }

  @Test
  void theContextIsKeptAndNoThreadIsBlockedDuringAWait() {
    Script unavailableOnce =
        Script.inTurn(Faults.reject(503, Map.of("Retry-After", "1")), answer());
    ForkedClient fork = start("OnOneThreadUnderTest", "hosts=localhost");
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

  /** However it ended: answered at once, after other attempts, by a status, or not at all. */
  @Test
  void noCoroutineOfARequestIsLeftWhenItHasEnded() {
    Script everyEnd =
        Script.inTurn(
            answer(),
            Faults.reset(),
            answer(),
            Faults.reject(503, Map.of()),
            Faults.halfBodyThenReset(),
            Faults.reset(),
            Faults.reset(),
            Faults.reset());
    ForkedClient fork = start("LeftoversUnderTest", "hosts=localhost,retry.backoff=1ms..5ms");
    try (FaultServer server = FaultServer.start(Protocol.H1, everyEnd);
        ForkedClient closing = fork;
        ForkedClient.Session client = closing.open(Map.of())) {
      for (int status : new int[] {200, 200, 200, 0}) {
        CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "one"));

        assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(status);
        assertThat(result.text()).isEqualTo("0 left");
      }
      assertThat(server.ledger().arrivals("one")).isEqualTo(8);
    }
    assertThat(fork.report().map(AgentReport::errors)).contains(0L);
  }

  @Test
  void theFiveChecksPass() {
    ForkedClient fork = start("KtorCioUnderTest", "hosts=localhost,connect-timeout=30s");
    try (ForkedClient closing = fork;
        FaultServer server = FiveChecks.server()) {
      List<CallResult> results = FiveChecks.run(closing, server);
      assertThat(FiveChecks.harmed(results, server)).as("%s", server.ledger()).isFalse();
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(results.size());
    }
    assertThat(fork.report().map(AgentReport::errors)).contains(0L);
  }

  private static ForkedClient start(String driver, String agentOptions) {
    return ForkedClient.start(
        TestedJvm.all().get(0),
        new ClientVersion("ktorcio", "3.5.1"),
        "dev.freshwire.it.driver.ktorcio." + driver,
        agentOptions);
  }
}

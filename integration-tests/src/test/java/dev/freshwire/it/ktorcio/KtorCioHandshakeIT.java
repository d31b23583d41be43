package dev.freshwire.it.ktorcio;

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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * CIO's connect timeout is one of TCP. Of TLS there is the agent's limit, and no other: not where
 * it only observes or has none, and what the application chose does not become one.
 */
class KtorCioHandshakeIT {
  /** Shorter than the server is late. */
  private static final Map<String, Long> SHORT = Map.of("connectTimeout", 200L);

  static Stream<Arguments> clients() {
    return KtorCioContractIT.runtimes();
  }

  static Stream<Arguments> harmless() {
    return clients()
        .flatMap(
            client ->
                Stream.of("", ",mode=observe", ",connect-timeout=off")
                    .map(options -> Arguments.of(client.get()[0], options, client.get()[1])));
  }

  @ParameterizedTest(name = "{0}, on {1}")
  @MethodSource("clients")
  void withoutTheAgentIsWaitedFor(ClientVersion version, TestedJvm jvm) {
    assertWaitedFor(start(version, jvm, null));
  }

  @ParameterizedTest(name = "{0}{1}, on {2}")
  @MethodSource("harmless")
  void isWaitedFor(ClientVersion version, String options, TestedJvm jvm) {
    ForkedClient fork = start(version, jvm, "hosts=localhost" + options);
    assertWaitedFor(fork);
    assertThat(fork.report().map(AgentReport::errors)).as(fork.stderr()).contains(0L);
  }

  private static void assertWaitedFor(ForkedClient fork) {
    try (fork;
        FaultServer server =
            FaultServer.start(Protocol.TLS_H1, Script.always(answer()))
                .admission(number -> Admission.LATE);
        ForkedClient.Session client = fork.open(SHORT)) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "late"));
      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("late")).as("%s", server.ledger()).isEqualTo(1);
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(1);
    }
  }

  @ParameterizedTest(name = "{0}, on {1}")
  @MethodSource("clients")
  void isNotWaitedForLongerThanTheAgentLets(ClientVersion version, TestedJvm jvm) {
    ForkedClient fork = start(version, jvm, "hosts=localhost,connect-timeout=300ms");
    try (fork;
        FaultServer server =
            FaultServer.start(Protocol.TLS_H1, Script.always(answer()))
                .admission(number -> Admission.IGNORE);
        ForkedClient.Session client = fork.open(SHORT)) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "never"));
      assertThat(result.failed()).as("%s: %s", result, server.ledger()).isTrue();
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(1);
    }
    assertThat(fork.report().map(AgentReport::errors)).as(fork.stderr()).contains(0L);
  }

  private static ForkedClient start(
      ClientVersion version, TestedJvm jvm, @Nullable String agentOptions) {
    return ForkedClient.start(
        jvm, version, "dev.freshwire.it.driver.ktorcio.KtorCioUnderTest", agentOptions);
  }
}

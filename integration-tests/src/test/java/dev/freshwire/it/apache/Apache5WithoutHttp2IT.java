package dev.freshwire.it.apache;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.apache5.Apache5UnderTest;
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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * HttpClient 5 for classic use alone: applications of 5.0 leave httpcore5-h2 out. Later the classic
 * client does not work without it: its settings for TLS name the policy for HTTP/2.
 */
class Apache5WithoutHttp2IT {
  private static final int REQUESTS = 5;

  private static final String VERSION = "5.0.4";

  @Test
  void theClassicClientIsEnforced() {
    ForkedClient fork = start("hosts=localhost,connect-timeout=30s");
    try (ForkedClient closing = fork) {
      assertThat(connections(closing)).isEqualTo(REQUESTS);
      assertThat(arrivalsOfAReset(closing, "GET", 200)).isEqualTo(2);
      assertThat(arrivalsOfAReset(closing, "POST", 0)).isEqualTo(1);
      try (FaultServer server = FiveChecks.server()) {
        List<CallResult> results = FiveChecks.run(closing, server);
        assertThat(FiveChecks.harmed(results, server)).as("%s", server.ledger()).isFalse();
      }
    }
    assertThat(fork.stderr()).contains("apache5 " + VERSION + ": enforced");
    assertThat(fork.report().map(AgentReport::errors)).contains(0L);
  }

  @Test
  void withoutTheAgentItSharesAConnectionAndLosesRequests() {
    try (ForkedClient fork = start(null);
        FaultServer server = FiveChecks.server()) {
      assertThat(connections(fork)).isEqualTo(1);
      List<CallResult> results = FiveChecks.run(fork, server);
      assertThat(FiveChecks.harmed(results, server)).as("%s", server.ledger()).isTrue();
    }
  }

  private static ForkedClient start(@Nullable String agentOptions) {
    List<Path> jars =
        new ClientVersion("apache5", VERSION)
            .jars().stream()
                .filter(jar -> !jar.getFileName().toString().startsWith("httpcore5-h2-"))
                .toList();
    assertThat(jars).hasSizeLessThan(new ClientVersion("apache5", VERSION).jars().size());
    return ForkedClient.start(
        TestedJvm.all().get(0),
        "apache5 " + VERSION + " without HTTP/2",
        jars,
        Apache5UnderTest.class.getName(),
        agentOptions);
  }

  private static int connections(ForkedClient fork) {
    try (FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(answer()));
        ForkedClient.Session client = fork.open(Map.of())) {
      for (int i = 0; i < REQUESTS; i++) {
        CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r" + i));
        assertThat(result.status()).as("%s", result).isEqualTo(200);
      }
      return server.ledger().accepted();
    }
  }

  /** How often the request arrives whose first connection is reset when it has come. */
  private static int arrivalsOfAReset(ForkedClient fork, String method, int status) {
    Script resetOnce = Script.inTurn(Faults.reset(), answer());
    try (FaultServer server = FaultServer.start(Protocol.H1, resetOnce);
        ForkedClient.Session client = fork.open(Map.of())) {
      CallResult result = client.call(CallSpec.of(method, server.url("localhost", "/"), method));
      assertThat(result.failed()).as("%s", result).isEqualTo(status == 0);
      assertThat(result.status()).as("%s", result).isEqualTo(status);
      return server.ledger().arrivals(method);
    }
  }
}

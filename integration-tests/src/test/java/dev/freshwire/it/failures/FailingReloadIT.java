package dev.freshwire.it.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.failures.SabotagedAgent.Target;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A policy that is valid, and that the agent nevertheless fails to put in force. */
class FailingReloadIT {
  private static final String COMMON =
      "hosts=localhost\nretry.budget=off\nretry.backoff=1ms..2ms\n";
  private static final Duration SOON = Duration.ofSeconds(20);

  @TempDir private Path directory;

  @Test
  void what_held_so_far_still_does_and_the_file_is_watched_on() throws IOException {
    Target with =
        SabotagedAgent.answers("PolicyEnforcer").stream()
            .filter(target -> target.method().equals("with"))
            .findAny()
            .orElseThrow();
    Path jar = SabotagedAgent.write(with, directory);
    Path policy = directory.resolve("policy.properties");
    Path report = directory.resolve("report.json");
    Files.writeString(policy, COMMON + "retry.max-attempts=2\n");
    ForkedClient fork =
        TestedClient.oneOfEach()
            .get(0)
            .start(
                TestedJvm.all().get(0),
                null,
                "-javaagent:"
                    + jar
                    + "=config.interval=50ms,config="
                    + policy
                    + ",report="
                    + report);
    Script unavailable = Script.always(Faults.reject(503, Map.of()));
    try (FaultServer server = FaultServer.start(Protocol.H1, unavailable);
        ForkedClient.Session session = fork.open(Map.of())) {
      assertThat(arrivals(session, server, "before")).isEqualTo(2);
      Files.writeString(policy, COMMON + "retry.max-attempts=5\n");
      assertThat(fork.awaitStderr("reload failed and is passed over", 1, SOON))
          .as(fork.stderr())
          .isTrue();
      assertThat(arrivals(session, server, "after")).isEqualTo(2);
      // Said once; that the file is still looked at shows in what is wrong with it.
      Files.writeString(policy, COMMON + "retry.max-attempts=many\n");
      assertThat(fork.awaitStderr("retry.max-attempts=many: expected", 1, SOON))
          .as(fork.stderr())
          .isTrue();
      assertThat(arrivals(session, server, "in the end")).isEqualTo(2);
    }
    fork.close();
    assertThat(AgentReport.read(report).orElseThrow().errors()).as(fork.stderr()).isEqualTo(1);
    assertThat(fork.stderr()).doesNotContain("Exception in thread", " reloaded: ");
  }

  private static int arrivals(ForkedClient.Session session, FaultServer server, String id) {
    assertThat(session.call(CallSpec.of("GET", server.url("localhost", "/"), id)).status())
        .isEqualTo(503);
    return server.ledger().arrivals(id);
  }
}

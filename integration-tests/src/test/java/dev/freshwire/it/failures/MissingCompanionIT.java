package dev.freshwire.it.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A companion that cannot be had when the others are there: the client is left alone as a whole,
 * and one line says so. Half of the hooks would keep what the other half does not let go.
 */
@ExtendWith(CompatibilityRows.class)
class MissingCompanionIT {
  @TempDir private Path directory;

  static Stream<Arguments> companions() {
    return Stream.of(
        Arguments.of("okhttp 5.5.1", "okhttp/Attempts"),
        // Without a hook that is called, and with one.
        Arguments.of("okhttp 5.5.1", "okhttp/RealConnectionAdvice"),
        Arguments.of("apache4 4.5.14", "apache4/Attempts"),
        Arguments.of("apache4 4.5.14", "apache4/OwnRetryAdvice"));
  }

  @ParameterizedTest(name = "{0} without {1}")
  @MethodSource("companions")
  void theClientIsLeftAloneAndOneLineSaysSo(String name, String companion) throws Exception {
    TestedClient client =
        TestedClient.oneOfEach().stream()
            .filter(each -> each.toString().equals(name))
            .findAny()
            .orElseThrow();
    List<Integer> stock = calls(client, null);

    Path report = directory.resolve("report.json");
    Path jar = SabotagedAgent.without("inst/companions/" + companion + ".classdata", directory);
    ForkedClient fork =
        client.start(
            TestedJvm.all().get(0),
            null,
            "-javaagent:" + jar + "=hosts=localhost,retry.backoff=1ms..2ms,report=" + report);
    assertThat(calls(fork)).as(fork.stderr()).isEqualTo(stock);
    fork.close();
    assertThat(fork.stderr().lines().filter(line -> line.startsWith("WARN")))
        .as(fork.stderr())
        .singleElement()
        .asString()
        .contains(client.version().name() + " ", " failed and is passed over");
    assertThat(fork.stderr()).contains(companion).doesNotContain(": enforced", "Error");
    assertThat(AgentReport.read(report).orElseThrow().errors()).as(fork.stderr()).isEqualTo(1);
  }

  private static List<Integer> calls(TestedClient client, @Nullable String options) {
    try (ForkedClient fork = client.start(TestedJvm.all().get(0), options)) {
      return calls(fork);
    }
  }

  /** What came of calls, and what arrived: they are told apart by the agent, were it there. */
  private static List<Integer> calls(ForkedClient fork) {
    Script once = Script.inTurn(Faults.reject(503, Map.of()), Faults.answer());
    try (FaultServer server = FaultServer.start(Protocol.H1, once);
        ForkedClient.Session session = fork.open(Map.of())) {
      String url = server.url("localhost", "/");
      int unavailable = session.call(CallSpec.of("GET", url, "unavailable")).status();
      int first = session.call(CallSpec.of("POST", url, "first")).status();
      int second = session.call(CallSpec.of("GET", url, "second")).status();
      return List.of(
          unavailable, first, second, server.ledger().arrivals(), server.ledger().accepted());
    }
  }
}

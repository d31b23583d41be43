package dev.freshwire.it.loaders;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.loaders.Workshop.Ended;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Beside another agent that rewrites the same classes, before it and after it: both do their work.
 */
@EnabledIfSystemProperty(
    named = "freshwire.test.trust",
    matches = "true",
    disabledReason = "runs with integration-tests/trust")
@ExtendWith(CompatibilityRows.class)
class OtherAgentsIT {
  @TempDir private Path directory;

  @ParameterizedTest(name = "OpenTelemetry, ours {0}")
  @ValueSource(strings = {"first", "last"})
  void openTelemetry(String order) throws Exception {
    Path classes = compile();
    String other = "-javaagent:" + Workshop.beside("opentelemetry-javaagent");
    try (FaultServer server =
        FaultServer.start(Protocol.H1, Script.inTurn(Faults.reset(), answer()))) {
      Ended ended =
          run(
              order,
              other,
              List.of(
                  "-Dotel.traces.exporter=console",
                  "-Dotel.metrics.exporter=none",
                  "-Dotel.logs.exporter=none",
                  "-Dotel.javaagent.logging=simple"),
              classes,
              server);
      assertProtected(ended, server);
      // One for each attempt, and the repeated one says that it is one.
      assertThat(Pattern.compile("'GET' : .* CLIENT").matcher(ended.out() + ended.err()).results())
          .as(ended.err())
          .hasSize(4);
      assertThat(ended.out() + ended.err()).containsOnlyOnce("http.request.resend_count=1");
    }
  }

  @ParameterizedTest(name = "JaCoCo, ours {0}")
  @ValueSource(strings = {"first", "last"})
  void jacoco(String order) throws Exception {
    Path classes = compile();
    Path coverage = directory.resolve("jacoco.exec");
    String other =
        "-javaagent:"
            + Workshop.beside("org.jacoco.agent-runtime")
            + "=inclnolocationclasses=true,includes=okhttp3.*:app.*,destfile="
            + coverage;
    try (FaultServer server =
        FaultServer.start(Protocol.H1, Script.inTurn(Faults.reset(), answer()))) {
      Ended ended = run(order, other, List.of(), classes, server);
      assertProtected(ended, server);
      assertThat(Files.readString(coverage, StandardCharsets.ISO_8859_1))
          .contains("app/Main", "okhttp3/internal/connection/RealConnection");
    }
  }

  private Path compile() throws Exception {
    return new Workshop(directory)
        .compile(
            "classes",
            Map.of("app/Main.java", LoadersIT.OKHTTP_MAIN),
            "-cp",
            Workshop.path(Workshop.okhttp("5.5.1")));
  }

  private Ended run(
      String order, String other, List<String> options, Path classes, FaultServer server)
      throws Exception {
    String ours =
        "-javaagent:"
            + PackagedAgent.jar()
            + "=hosts=localhost,retry.backoff=1ms..2ms,report="
            + directory.resolve("report.json");
    List<String> arguments = new ArrayList<>(options);
    arguments.addAll(order.equals("first") ? List.of(ours, other) : List.of(other, ours));
    List<Path> path = new ArrayList<>(Workshop.okhttp("5.5.1"));
    path.add(classes);
    arguments.addAll(
        List.of("-cp", Workshop.path(path), "app.Main", server.url("localhost", "/r")));
    return new Workshop(directory).run(TestedJvm.all().get(0).java().toString(), arguments);
  }

  private void assertProtected(Ended ended, FaultServer server) throws Exception {
    assertThat(ended.out()).as(ended.err()).contains(LoadersIT.THREE);
    // All three have the same id: its first arrival was reset and tried again.
    assertThat(server.ledger().accepted()).isEqualTo(4);
    assertThat(ended.err()).contains("okhttp 5.5.1: enforced").doesNotContain("WARN freshwire");
    assertThat(Files.readString(directory.resolve("report.json")))
        .containsPattern("\"errors\": ?0");
  }
}

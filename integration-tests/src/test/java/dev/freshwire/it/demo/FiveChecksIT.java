package dev.freshwire.it.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.twin.Protocol;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The checks of the trading agent behind the built-in gateway, as the demo runs them. */
class FiveChecksIT {
  /**
   * The gateway drops what is idle for 100 ms, which a machine with too much to do makes of
   * anything.
   */
  private static final String MACHINE = "the machine";

  /** Most of it is waiting for what never comes. */
  @Execution(ExecutionMode.CONCURRENT)
  @ResourceLock(value = MACHINE, mode = ResourceAccessMode.READ)
  @ParameterizedTest(name = "over {0} requests fail and a write is applied twice")
  @EnumSource(Protocol.class)
  void withoutTheAgent(Protocol protocol) throws Exception {
    RunReport report = run(protocol, null);

    assertThat(report.complete()).as(report.errorOutput()).isTrue();
    assertThat(report.total().failed()).as(ReportTable.of("", report)).isPositive();
    assertThat(report.total().appliedTwice()).as(ReportTable.of("", report)).isPositive();
  }

  @ResourceLock(MACHINE)
  @ParameterizedTest(name = "over {0} every request succeeds, each write is applied once")
  @EnumSource(Protocol.class)
  void withTheAgent(Protocol protocol) throws Exception {
    RunReport report = run(protocol, agent());

    assertThat(report.perfect()).as(ReportTable.of("", report) + report.errorOutput()).isTrue();
    assertThat(report.total().connections())
        .as("a connection for every request")
        .isEqualTo(report.total().requests());
  }

  private static RunReport run(Protocol protocol, @Nullable Path agent) throws Exception {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    return new SampleRun(protocol, java, null, 1).run(agent, (check, made, expected) -> {});
  }

  /** The packaged agent; a build without it must not look like a success. */
  static Path agent() {
    Path agent =
        Path.of(System.getProperty("freshwire.agent", "../agent/target/freshwire-agent.jar"))
            .toAbsolutePath()
            .normalize();
    assertThat(Files.isRegularFile(agent)).as("the packaged agent at " + agent).isTrue();
    return agent;
  }
}

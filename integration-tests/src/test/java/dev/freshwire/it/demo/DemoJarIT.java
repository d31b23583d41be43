package dev.freshwire.it.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The jar as a user starts it. Most of a run is waiting. */
@Execution(ExecutionMode.CONCURRENT)
class DemoJarIT {

  private record Run(int exitStatus, String output) {}

  @Test
  void provesTheCure() throws Exception {
    Run run = demo("--agent", FiveChecksIT.agent().toString());

    assertThat(run.exitStatus()).as(run.output()).isZero();
    assertThat(run.output())
        .containsSubsequence("without Freshwire", "with Freshwire", "each write applied once.");
  }

  @Test
  void saysThatTheAgentIsMissingAndFails() throws Exception {
    Run run = demo("--agent", "no-such-agent.jar");

    assertThat(run.exitStatus()).as(run.output()).isOne();
    assertThat(run.output()).contains("There was no run with Freshwire", "no-such-agent.jar");
  }

  @Test
  void explainsItself() throws Exception {
    Run run = demo("--help");

    assertThat(run.exitStatus()).isZero();
    assertThat(run.output()).contains("--protocol", "--gateway", "--agent", "--java");
  }

  @Test
  void refusesAWrongOption() throws Exception {
    Run run = demo("--protocol", "carrier-pigeon");

    assertThat(run.exitStatus()).isEqualTo(2);
    assertThat(run.output()).contains("--protocol");
  }

  private static Run demo(String... arguments) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-jar",
                Path.of("target", "freshwire-demo.jar").toString()));
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
      return new Run(process.exitValue(), output);
    } finally {
      process.destroyForcibly();
    }
  }
}

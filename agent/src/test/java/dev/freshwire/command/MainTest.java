package dev.freshwire.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int run(String... arguments) {
    return new Main("freshwire-agent.jar", new PrintStream(out, true), new PrintStream(err, true))
        .run(arguments);
  }

  private static String text(ByteArrayOutputStream bytes) {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @Test
  void helps_when_asked() {
    assertThat(run("--help")).isEqualTo(Main.DONE);
    assertThat(text(out)).contains("attach <pid>", "status <pid>", "detach <pid>", "exit status");
    assertThat(text(err)).isEmpty();
  }

  @Test
  void lists_the_options() {
    assertThat(run("options")).isEqualTo(Main.DONE);
    assertThat(text(out)).contains("connect-timeout", "retry.max-attempts");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "prune", "attach", "status", "status 1 2", "detach x", "attach -1"})
  void what_is_not_understood_is_said_on_standard_error(String line) {
    assertThat(run(line.isEmpty() ? new String[0] : line.split(" ", -1))).isEqualTo(Main.USAGE);
    assertThat(text(out)).isEmpty();
    assertThat(text(err)).startsWith("freshwire: ").contains("usage: ");
  }

  @Test
  void a_process_that_is_not_there_is_one_line() {
    assertThat(run("status", "2147483646")).isEqualTo(Main.FAILED);
    assertThat(text(err))
        .isEqualTo("freshwire: process 2147483646: no such process" + System.lineSeparator());
  }
}

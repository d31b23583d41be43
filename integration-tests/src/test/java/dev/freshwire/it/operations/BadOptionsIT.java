package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.operations.OperatedJvm.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that cannot be meant: one line, exit status 1, nothing else. */
class BadOptionsIT {
  private static final TestedJvm JVM = TestedJvm.all().get(0);

  @TempDir private Path directory;

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "modee=enforce                   | unknown option; did you mean mode?",
        "qqqqqqqq=1                      | unknown option; java -jar freshwire-agent.jar options",
        "connect-timeout=fast            | connect-timeout=fast: expected a duration",
        "retry.max-attempts=0            | retry.max-attempts=0: expected",
        "mode=observe,mode=off           | given twice, the first time as observe",
        "prewarm=2,reuse=unchanged       | contradicts reuse=unchanged",
        "mode=observe,,log=off           | empty item",
        "mode                            | expected mode=<value>",
        "config=nowhere.properties       | nowhere.properties",
        "config=.                        | config",
        "config=latin1.properties        | latin1.properties",
        "config=wrong.properties         | wrong.properties, line 2"
      })
  void in_the_arguments(String options, String expected) throws Exception {
    Files.write(directory.resolve("latin1.properties"), new byte[] {'a', '=', (byte) 0xe4, '\n'});
    Files.writeString(directory.resolve("wrong.properties"), "mode=observe\nlog=loud\n");
    refused(OperatedJvm.run(JVM, directory, List.of(OperatedJvm.agent(options))), expected);
  }

  @Test
  void in_a_system_property() throws Exception {
    List<String> options = List.of("-Dfreshwire.log=loud", OperatedJvm.agent(""));
    refused(OperatedJvm.run(JVM, directory, options), "system property: freshwire.log=loud");
  }

  @Test
  void in_the_environment() throws Exception {
    List<String> options = List.of(OperatedJvm.agent(""));
    refused(
        OperatedJvm.run(JVM, directory, options, "FRESHWIRE_LOG", "loud"),
        "environment: FRESHWIRE_LOG=loud");
  }

  @Test
  void a_megabyte_of_them() throws Exception {
    Path arguments = directory.resolve("arguments");
    Files.writeString(arguments, '"' + OperatedJvm.agent("hosts=" + "a,".repeat(500_000)) + "b\"");
    refused(
        OperatedJvm.run(JVM, directory, List.of("@" + arguments)), "longer ones belong in a file");
  }

  @Test
  void none_at_all_are_no_mistake() throws Exception {
    Ended ended = OperatedJvm.run(JVM, directory, List.of(OperatedJvm.agent("")));
    assertThat(ended.status()).isZero();
    assertThat(ended.out()).isEqualTo("ready\n");
    assertThat(ended.err()).startsWith("INFO freshwire - ").doesNotContain("ERROR", "WARN");
  }

  private void refused(Ended ended, String expected) throws IOException {
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).startsWith("ERROR freshwire - ").contains(expected).hasLineCount(1);
    try (Stream<Path> files = Files.list(directory)) {
      assertThat(files.map(file -> file.getFileName().toString()))
          .noneMatch(file -> file.startsWith("hs_err") || file.startsWith("core"));
    }
  }
}

package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.operations.OperatedJvm.Ended;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AttachDetachIT {
  @TempDir private Path directory;

  static Stream<TestedJvm> jvms() {
    return TestedJvm.all().stream();
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void attaches_detaches_and_attaches_again(TestedJvm jvm) throws Exception {
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application = OperatedJvm.start(jvm, directory)) {
      String calls = "get " + origin.url() + " 5 1";
      String pid = application.pid();
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(1);
      assertThat(command(jvm, "status", pid))
          .isEqualTo(new Ended(3, "", "freshwire: process " + pid + " has no agent\n"));

      Ended attached = command(jvm, "attach", pid, "read-timeout=3s", "retry.statuses=520");
      assertThat(attached.status()).isZero();
      assertThat(attached.out())
          .contains("mode enforce, 0 errors", "read-timeout=3s", "okhttp 4.12.0 (loader app)");
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(5);
      assertThat(command(jvm, "status", pid).out())
          .contains("enforced, 11 classes rewritten", "opened 5,", "sent 5,")
          .containsPattern("127.0.0.1:" + origin.port() + " +5 +5 +5 +0 +0 +5 +0\n");

      // Another start gives the agent that is there other options.
      assertThat(command(jvm, "attach", pid, "mode=observe").out()).contains("mode observe");
      origin.newConnections();
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(1);

      // A wrong one changes nothing, and ends nothing.
      Ended wrong = command(jvm, "attach", pid, "modee=off");
      assertThat(wrong.status()).isEqualTo(1);
      assertThat(wrong.err())
          .isEqualTo(
              "freshwire - agent arguments: modee=off: unknown option; did you mean mode?\n");
      assertThat(command(jvm, "status", pid).out()).contains("mode observe");

      assertThat(command(jvm, "detach", pid)).isEqualTo(new Ended(0, "detached\n", ""));
      assertThat(command(jvm, "detach", pid).status()).isEqualTo(3);
      assertThat(application.tell(calls)).startsWith("ok 5,");
      origin.newConnections();
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(1);

      assertThat(command(jvm, "attach", pid).out()).contains("mode enforce");
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(5);
      assertThat(command(jvm, "status", pid).out()).contains("0 errors", "opened 10,");
    }
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void says_what_keeps_it_out(TestedJvm jvm) throws Exception {
    try (OperatedJvm application =
        OperatedJvm.start(jvm, directory, "-XX:+DisableAttachMechanism")) {
      refused(jvm, application, "DisableAttachMechanism");
    }
    try (OperatedJvm application =
        OperatedJvm.start(jvm, directory, "-XX:-EnableDynamicAgentLoading")) {
      refused(jvm, application, "EnableDynamicAgentLoading");
    }
    try (OperatedJvm application = OperatedJvm.start(jvm, directory, "-Xrs")) {
      refused(jvm, application, "-Xrs");
    }
    Ended absent = command(jvm, "attach", "2147483646");
    assertThat(absent)
        .isEqualTo(new Ended(1, "", "freshwire: process 2147483646: no such process\n"));
  }

  private void refused(TestedJvm jvm, OperatedJvm application, String why) throws Exception {
    Ended ended = command(jvm, "attach", application.pid());
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err()).contains(why).hasLineCount(1);
    assertThat(application.isAlive()).isTrue();
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void a_process_that_is_no_jvm_lives_on(TestedJvm jvm) throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      assertThat(command(jvm, "status", Long.toString(other.pid())).err()).contains("not a JVM");
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroy();
    }
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void another_users_process_stays_closed(TestedJvm jvm) throws Exception {
    assumeRoot();
    Path shared = readableByAll();
    Path jar = Files.copy(PackagedAgent.jar(), shared.resolve("agent.jar"));
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application = OperatedJvm.start(jvm, directory)) {
      for (String command : List.of("attach", "status", "detach")) {
        ProcessBuilder builder =
            new ProcessBuilder(
                asNobody(
                    jvm.java().toString(), "-jar", jar.toString(), command, application.pid()));
        Ended ended = OperatedJvm.end(builder, directory);
        assertThat(ended.status()).as("%s", ended).isEqualTo(1);
        assertThat(ended.out()).isEmpty();
        assertThat(ended.err()).contains("belongs to another user").hasLineCount(1);
      }
      assertThat(application.tell("get " + origin.url() + " 5 1")).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(1);
      assertThat(application.stderr()).doesNotContain("freshwire");
    } finally {
      Files.delete(jar);
      Files.delete(shared);
    }
  }

  /** Root may attach to anybody's process, which has to read the jar by itself. */
  @ParameterizedTest
  @MethodSource("jvms")
  void a_jar_that_the_other_user_may_not_read_is_named(TestedJvm jvm) throws Exception {
    assumeRoot();
    assumeTrue(jvm.feature() >= 11, "what it attaches to is started from its source");
    Path shared = readableByAll();
    Path jar = Files.copy(PackagedAgent.jar(), shared.resolve("agent.jar"));
    Path source =
        Files.writeString(
            shared.resolve("Waits.java"),
            """
            public class Waits {
              public static void main(String[] args) throws Exception {
                System.out.println("ready");
                System.in.read();
              }
            }
            """);
    Process other =
        new ProcessBuilder(asNobody(jvm.java().toString(), source.toString()))
            .directory(shared.toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("ready");
      String pid = Long.toString(other.pid());
      assertThat(jar.toFile().setReadable(false, false)).isTrue();
      Ended refused = attachWith(jvm, jar, pid);
      assertThat(refused.status()).as("%s", refused).isEqualTo(1);
      assertThat(refused.err())
          .startsWith("freshwire: process " + pid + ": it cannot read the agent's jar")
          .hasLineCount(1);
      assertThat(other.isAlive()).isTrue();
      assertThat(jar.toFile().setReadable(true, false)).isTrue();
      assertThat(attachWith(jvm, jar, pid).out()).contains("mode enforce, 0 errors");
    } finally {
      other.destroy();
      Files.delete(source);
      Files.delete(jar);
      Files.delete(shared);
    }
  }

  private Ended attachWith(TestedJvm jvm, Path jar, String pid) throws Exception {
    return OperatedJvm.end(
        new ProcessBuilder(jvm.java().toString(), "-jar", jar.toString(), "attach", pid),
        directory);
  }

  private static void assumeRoot() {
    assumeTrue(
        "root".equals(System.getProperty("user.name")) && new File("/usr/bin/setpriv").canExecute(),
        "only root can become another user to try it");
  }

  private static Path readableByAll() throws IOException {
    Path shared = Files.createTempDirectory(Path.of("/tmp"), "freshwire");
    shared.toFile().setExecutable(true, false);
    shared.toFile().setReadable(true, false);
    return shared;
  }

  private static List<String> asNobody(String... command) {
    return Stream.concat(
            Stream.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"),
            Stream.of(command))
        .toList();
  }

  private Ended command(TestedJvm jvm, String... arguments) throws Exception {
    return OperatedJvm.command(jvm, directory, arguments);
  }
}

package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.TestedJvm;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The agent begins to enforce while the application is loading the client: the class that is in the
 * middle of it has passed the agent, and the JVM does not tell of it yet.
 */
class AttachWhileLoadingIT {
  private static final String REWROTE = ": rewrote okhttp3/internal/http/CallServerInterceptor\n";

  private static final TestedJvm JVM = TestedJvm.all().get(0);

  @TempDir private Path directory;

  @Test
  void a_class_that_was_seen_to_pass_is_waited_for() throws Exception {
    try (OperatedJvm application =
        OperatedJvm.start(
            JVM, directory, LoadingApplication.class, OperatedJvm.agent("mode=off,log=debug"))) {
      assertThat(attach(application, "mode=enforce", "log=debug"))
          .contains("mode enforce, 0 errors", "okhttp 4.12.0");
      assertThat(application.tell("go on")).isEqualTo("loaded");
      assertThat(application.stderr()).contains("okhttp 4.12.0: enforced").contains(REWROTE);
      assertThat(OperatedJvm.command(JVM, directory, "status", application.pid()).out())
          .contains("0 errors");
    }
  }

  @Test
  void a_class_that_nobody_saw_is_found_and_nothing_relies_on_it() throws Exception {
    try (OperatedJvm application =
        OperatedJvm.start(JVM, directory, LoadingApplication.class, "-Dunseen=true")) {
      assertThat(attach(application, "log=debug")).contains("mode enforce, 0 errors");
      assertThat(application.stderr()).contains("okhttp 4.12.0: enforced");
      assertThat(application.tell("go on")).isEqualTo("loaded");
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (!application.stderr().contains(REWROTE) && System.nanoTime() < until) {
        Thread.onSpinWait();
      }
      assertThat(application.stderr())
          .contains(REWROTE)
          .contains("okhttp3.internal.http.CallServerInterceptor failed", "found late");
      assertThat(OperatedJvm.command(JVM, directory, "status", application.pid()).out())
          .contains("1 errors");
    }
  }

  private String attach(OperatedJvm application, String... options) throws Exception {
    String[] command = new String[options.length + 2];
    command[0] = "attach";
    command[1] = application.pid();
    System.arraycopy(options, 0, command, 2, options.length);
    return OperatedJvm.command(JVM, directory, command).out();
  }
}

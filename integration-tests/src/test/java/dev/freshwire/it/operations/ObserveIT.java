package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.TestedJvm;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What observing counts, what off leaves alone, and switching between them at run time. */
class ObserveIT {
  private static final TestedJvm JVM = TestedJvm.all().get(0);

  @TempDir private Path directory;

  @Test
  void observing_changes_nothing_and_counts_everything() throws Exception {
    Path report = directory.resolve("report.json");
    try (CountingOrigin origin = new CountingOrigin()) {
      try (OperatedJvm application =
          OperatedJvm.start(
              JVM, directory, OperatedJvm.agent("mode=observe,read-timeout=3s,report=" + report))) {
        application.tell("get " + origin.url() + " 5 1");
        application.tell("get " + origin.url() + "/503 1 1");
      }
      assertThat(origin.newConnections()).isEqualTo(1);
      assertThat(origin.newArrivals().get("0")).hasValue(2);
    }
    assertThat(Files.readString(report))
        .contains("\"mode\":\"observe\"", "\"errors\":0", "\"enforced\":true")
        .contains("\"REQUESTS\":6,\"ATTEMPTS\":6,\"CONNECTIONS_OPENED\":1")
        .contains("\"CONNECTIONS_REUSED\":5,\"REUSES_REFUSED\":5")
        .contains("\"READ_TIMEOUTS_APPLIED\":6", "\"RETRY_STATUS\":1");
  }

  @Test
  void off_leaves_every_class_alone_until_it_is_switched_on() throws Exception {
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application =
            OperatedJvm.start(JVM, directory, OperatedJvm.agent("mode=off,report=exit"))) {
      String calls = "get " + origin.url() + " 5 1";
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(1);
      assertThat(application.bean(true)).contains("Mode=off").doesNotContain("okhttp");

      assertThat(application.tell("invoke setMode enforce")).isEqualTo("mode enforce");
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(5);
      assertThat(application.tell("invoke effectiveFor 127.0.0.1 " + origin.port()))
          .contains("connect-timeout=10s;", "reuse=never;");

      assertThat(application.tell("invoke setMode off")).isEqualTo("mode off");
      assertThat(application.tell(calls)).startsWith("ok 5,");
      origin.newConnections();
      assertThat(application.tell(calls)).startsWith("ok 5,");
      assertThat(origin.newConnections()).isEqualTo(1);
      assertThat(application.bean(true)).contains("Mode=off", "okhttp");
      assertThat(application.tell("invoke reset")).isEqualTo("counting from zero");
      assertThat(application.tell("invoke reload")).startsWith("there is no file to read");
    }
    assertThat(stderr())
        .contains("freshwire 0.", ", mode off, 0 errors", "no requests to origins in scope");
  }

  @Test
  void with_the_log_off_nothing_is_printed() throws Exception {
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application = OperatedJvm.start(JVM, directory, OperatedJvm.agent("log=off"))) {
      assertThat(application.tell("get " + origin.url() + "/503 1 1"))
          .isEqualTo("ok 0, unavailable 1, failed 0");
      AtomicInteger arrivals = origin.newArrivals().get("0");
      assertThat(arrivals).hasValue(3);
    }
    assertThat(stderr()).isEmpty();
  }

  @Test
  void a_jvm_without_jmx_and_flight_recorder_is_protected_all_the_same() throws Exception {
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application =
            OperatedJvm.start(
                JVM,
                directory,
                "--limit-modules=java.base,java.instrument,java.logging",
                OperatedJvm.agent("report=exit"))) {
      assertThat(application.tell("get " + origin.url() + "/503 1 1"))
          .isEqualTo("ok 0, unavailable 1, failed 0");
    }
    assertThat(stderr()).contains("mode enforce, 0 errors", "RETRY_STATUS 2");
  }

  private String stderr() throws Exception {
    return Files.readString(directory.resolve("stderr.txt"));
  }
}

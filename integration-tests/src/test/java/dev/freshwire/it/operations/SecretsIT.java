package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.TestedJvm;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A run full of secrets, at the loudest: none of them is in anything that the agent tells. */
class SecretsIT {
  private static final String SECRET = "s3cr3t";

  @TempDir private Path directory;

  static Stream<TestedJvm> jvms() {
    return TestedJvm.all().stream();
  }

  @ParameterizedTest
  @MethodSource("jvms")
  void nothing_that_the_agent_tells_has_one(TestedJvm jvm) throws Exception {
    Path recording = directory.resolve("recording.jfr");
    Path report = directory.resolve("report.json");
    List<String> told = new ArrayList<>();
    int closedPort;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closedPort = socket.getLocalPort();
    }
    try (CountingOrigin origin = new CountingOrigin();
        OperatedJvm application =
            OperatedJvm.start(
                jvm,
                directory,
                "-XX:StartFlightRecording=filename=" + recording,
                OperatedJvm.agent("log=trace,read-timeout=3s,report=" + report))) {
      assertThat(application.tell("secrets " + origin.url())).isEqualTo("200 200 200");
      assertThat(application.tell("secrets " + origin.url() + "/503")).isEqualTo("503 503 503");
      assertThat(application.tell("secrets http://127.0.0.1:" + closedPort))
          .isEqualTo("failed failed failed");
      assertThat(origin.newArrivals().keySet()).containsExactlyInAnyOrder("GET", "POST", "PATCH");
      told.add(application.bean(true));
      told.add(application.tell("invoke effectiveFor 127.0.0.1 " + origin.port()));
      told.add(OperatedJvm.command(jvm, directory, "status", application.pid()).out());
      told.add(OperatedJvm.command(jvm, directory, "attach", application.pid(), "log=trace").out());
      told.add(
          OperatedJvm.command(jvm, directory, "attach", application.pid(), "report=" + report)
              .out());
    }
    told.add(Files.readString(directory.resolve("stderr.txt")));
    told.add(Files.readString(report));
    List<String> names = new ArrayList<>();
    for (RecordedEvent event : RecordingFile.readAllEvents(recording)) {
      if (event.getEventType().getCategoryNames().contains("Freshwire")) {
        assertThat(event.getStackTrace()).isNull();
        names.add(event.getEventType().getName());
        told.add(event.toString());
      }
    }
    assertThat(names)
        .contains(
            "dev.freshwire.ConnectionOpened",
            "dev.freshwire.RetryDecision",
            "dev.freshwire.TimeoutApplied");
    // There is something to find secrets in.
    assertThat(told).anyMatch(text -> text.contains("RETRY_STATUS"));
    assertThat(told).allSatisfy(text -> assertThat(text).isNotEmpty().doesNotContain(SECRET));
  }
}

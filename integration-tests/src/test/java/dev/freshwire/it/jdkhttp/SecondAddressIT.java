package dev.freshwire.it.jdkhttp;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Row 15: nobody listens on the first address of a host, and somebody on the second. */
class SecondAddressIT {
  private static final ClientVersion JDK =
      new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM);

  @TempDir private @Nullable Path directory;

  static Stream<Arguments> combinations() {
    return TestedJvm.all().stream()
        .flatMap(jvm -> Stream.of(Protocol.values()).map(protocol -> Arguments.of(jvm, protocol)));
  }

  @ParameterizedTest(name = "a retry goes to the next address: {0}, {1}")
  @MethodSource("combinations")
  void isTried(TestedJvm jvm, Protocol protocol) throws IOException {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient fork = start(jvm, "hosts=localhost");
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult read = session.call(CallSpec.of("GET", server.url("localhost", "/"), "read"));
      assertThat(read.status()).as("%s", read).isEqualTo(200);
      assertThat(server.ledger().arrivals("read")).isEqualTo(1);

      CallResult written = session.call(post(server));
      assertThat(written.status()).as("%s", written).isEqualTo(200);
      assertThat(server.ledger().arrivals("written")).isEqualTo(1);
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(2);
    }
  }

  @ParameterizedTest(name = "without the agent it is not: {0}, {1}")
  @MethodSource("combinations")
  void isNotWithoutTheAgent(TestedJvm jvm, Protocol protocol) throws IOException {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient fork = start(jvm, null);
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult written = session.call(post(server));
      assertThat(written.failed()).as("%s", written).isTrue();
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isZero();
    }
  }

  private static CallSpec post(FaultServer server) {
    return CallSpec.of("POST", server.url("localhost", "/"), "written").body(Call.Body.BYTES, 4);
  }

  private ForkedClient start(TestedJvm jvm, @Nullable String options) throws IOException {
    Path hosts =
        Files.writeString(
            Path.of(directory + "/hosts"), "127.0.0.2 localhost\n127.0.0.1 localhost\n");
    return ForkedClient.start(
        jvm, JDK, JdkHttpUnderTest.class, options, "-Djdk.net.hosts.file=" + hosts);
  }
}

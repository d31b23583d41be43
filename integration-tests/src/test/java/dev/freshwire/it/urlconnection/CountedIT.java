package dev.freshwire.it.urlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.ConnectProxy;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The JDK's methods that connect call each other, and a connection is one all the same. */
class CountedIT {
  static Stream<Arguments> ways() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(Protocol.H1, Protocol.TLS_H1)
                    .flatMap(
                        protocol ->
                            Stream.of("directly", "by proxy")
                                .map(way -> Arguments.of(jvm, protocol, way))));
  }

  @ParameterizedTest(name = "{1}, {2}, on {0}")
  @MethodSource("ways")
  void everyConnectionIsCountedOnce(TestedJvm jvm, Protocol protocol, String way)
      throws IOException {
    ForkedClient fork = start(jvm);
    try (FaultServer server = FaultServer.start(protocol, Script.always(Faults.answer()));
        ConnectProxy proxy = ConnectProxy.start();
        ForkedClient.Session client = fork.open(settings(way, proxy))) {
      for (int i = 0; i < 10; i++) {
        CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r" + i));
        assertThat(result.status()).as("%s", result).isEqualTo(200);
      }
      assertThat(server.ledger().accepted()).isEqualTo(10);
    } finally {
      fork.close();
    }

    assertThat(fork.report().orElseThrow().json().toString())
        .contains("REQUESTS=10", "ATTEMPTS=10", "CONNECTIONS_OPENED=10");
  }

  @ParameterizedTest(name = "{1}, {2}, on {0}")
  @MethodSource("ways")
  void everyFailureToConnectIsDecidedOnce(TestedJvm jvm, Protocol protocol, String way)
      throws IOException {
    ForkedClient fork = start(jvm);
    ConnectProxy proxy = ConnectProxy.start();
    proxy.close();
    try (FaultServer closed = FaultServer.reserve(protocol, Script.always(Faults.answer()));
        ForkedClient.Session client = fork.open(settings(way, proxy))) {
      CallResult result = client.call(CallSpec.of("GET", closed.url("localhost", "/"), "r"));
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(Objects.requireNonNull(result.failure()).suppressed())
          .as("the attempt before: %s", result)
          .isNotEmpty();
    } finally {
      fork.close();
    }

    assertThat(fork.report().orElseThrow().json().toString())
        .contains("REQUESTS=1,", "ATTEMPTS=3,", "RETRY_NOT_SENT=2", "REFUSE_ATTEMPTS_SPENT=1")
        .doesNotContain("CONNECTIONS_OPENED=1");
  }

  static Stream<TestedJvm> jvms() {
    return TestedJvm.all().stream();
  }

  /** The JDK leaves it to the garbage collector, which may not come for hours. */
  @ParameterizedTest(name = "on {0}")
  @MethodSource("jvms")
  void aConnectionWhoseHandshakeIsNotAnsweredIsClosed(TestedJvm jvm) {
    try (ForkedClient fork =
            ForkedClient.start(
                jvm,
                new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
                HttpUrlConnectionUnderTest.class,
                "hosts=localhost,connect-timeout=500ms");
        FaultServer server =
            FaultServer.start(Protocol.TLS_H1, Script.always(Faults.answer()))
                .admission(number -> Admission.IGNORE);
        ForkedClient.Session client = fork.open(Map.of())) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(server.ledger().accepted()).isPositive();
      assertThat(server.ledger().await(Duration.ofSeconds(5), now -> now.open() == 0))
          .as("%s", server.ledger())
          .isTrue();
    }
  }

  private static Map<String, ?> settings(String way, ConnectProxy proxy) {
    return way.equals("directly") ? Map.of() : Map.of("proxyPort", proxy.port());
  }

  private static ForkedClient start(TestedJvm jvm) {
    return ForkedClient.start(
        jvm,
        new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
        HttpUrlConnectionUnderTest.class,
        "hosts=localhost,retry.backoff=1ms..2ms");
  }
}

package dev.freshwire.it.urlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.ConnectProxy;
import dev.freshwire.it.faults.Fault;
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
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The request with credentials fails before it is answered, while the JDK still holds the head of
 * the answer that asked for them.
 */
class ChallengedIT {
  static Stream<Arguments> cases() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(null, "reuse=never", "reuse=validated")
                    .flatMap(
                        reuse ->
                            Stream.of(
                                Arguments.of(jvm, reuse, 401, Protocol.H1),
                                Arguments.of(jvm, reuse, 401, Protocol.TLS_H1),
                                Arguments.of(jvm, reuse, 407, Protocol.H1))));
  }

  @ParameterizedTest(name = "{2}, {3}, {1}, on {0}")
  @MethodSource("cases")
  void whatFailsAfterAChallengeIsTriedAgain(
      TestedJvm jvm, @Nullable String reuse, int status, Protocol protocol) throws IOException {
    Script script = Script.inTurn(challenge(status), Faults.reset(), Faults.answer());
    try (FaultServer server = FaultServer.start(protocol, script);
        ConnectProxy proxy = ConnectProxy.start();
        ForkedClient fork = start(jvm, reuse);
        ForkedClient.Session client = fork.open(settings(status, proxy))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      assertThat(server.ledger().arrivals("r")).as("%s: %s", result, server.ledger()).isEqualTo(3);
      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);

      if (reuse != null) {
        client.call(CallSpec.of("POST", server.url("localhost", "/"), "w"));
        assertThat(server.ledger().applied("w")).as("%s", server.ledger()).isEqualTo(1);
      }
    }
  }

  /** As by the JDK itself: it has an answer. */
  @ParameterizedTest(name = "{2}, {3}, {1}, on {0}")
  @MethodSource("cases")
  void withoutAnotherAnswerTheChallengeIsHandedOn(
      TestedJvm jvm, @Nullable String reuse, int status, Protocol protocol) throws IOException {
    Script script = Script.inTurn(challenge(status), Faults.reset());
    try (FaultServer server = FaultServer.start(protocol, script);
        ConnectProxy proxy = ConnectProxy.start();
        ForkedClient fork = start(jvm, reuse);
        ForkedClient.Session client = fork.open(settings(status, proxy))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(status);
    }
  }

  private static Fault challenge(int status) {
    String header = status == 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
    return Faults.reject(status, Map.of(header, "Basic realm=\"faults\""));
  }

  private static Map<String, ?> settings(int status, ConnectProxy proxy) {
    return status == 401
        ? Map.of("credentials", "someone")
        : Map.of("credentials", "someone", "proxyPort", proxy.port());
  }

  private static ForkedClient start(TestedJvm jvm, @Nullable String reuse) {
    return ForkedClient.start(
        jvm,
        new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
        HttpUrlConnectionUnderTest.class,
        reuse == null ? null : "hosts=localhost,retry.backoff=1ms..2ms," + reuse);
  }
}

package dev.freshwire.it.apache;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Variant;
import dev.freshwire.it.driver.apache4.Apache4UnderTest;
import dev.freshwire.it.driver.apache5.Apache5UnderTest;
import dev.freshwire.it.faults.ConnectProxy;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.NtlmHandshake;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The classic clients as applications build them that do not take what the library offers. */
@ParameterizedClass(name = "{0} on {2}")
@MethodSource("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ApacheVariantsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int REQUESTS = 5;

  @Parameter(0)
  private @Nullable ClientVersion version;

  @Parameter(1)
  private @Nullable Class<?> driver;

  @Parameter(2)
  private @Nullable TestedJvm jvm;

  private @Nullable ForkedClient protectedFork;
  private @Nullable ForkedClient stockFork;

  static Stream<Arguments> clients() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(
                    client("apache4", "4.3.6", Apache4UnderTest.class, jvm),
                    client("apache4", "4.5.14", Apache4UnderTest.class, jvm),
                    client("apache5", "5.0.4", Apache5UnderTest.class, jvm),
                    client("apache5", "5.6.4", Apache5UnderTest.class, jvm)));
  }

  private static Arguments client(String name, String version, Class<?> driver, TestedJvm jvm) {
    return Arguments.of(new ClientVersion(name, version), driver, jvm);
  }

  @BeforeParameterizedClassInvocation
  void fork() {
    protectedFork = start("hosts=localhost,connect-timeout=30s");
    stockFork = start(null);
  }

  private ForkedClient start(@Nullable String options) {
    return ForkedClient.start(
        Objects.requireNonNull(jvm),
        Objects.requireNonNull(version),
        Objects.requireNonNull(driver),
        options);
  }

  @AfterParameterizedClassInvocation
  void theAgentCountedNoErrorOfItsOwn() {
    stock().close();
    ForkedClient fork = withAgent();
    fork.close();
    assertThat(fork.report().map(AgentReport::errors)).contains(0L);
  }

  @ParameterizedTest
  @EnumSource(names = {"SINGLE_CONNECTION", "KEEPS_EVERYTHING"})
  void whatTheApplicationWouldKeepIsClosed(Variant variant) {
    assertThat(connections(withAgent(), variant)).isEqualTo(REQUESTS);
    assertThat(connections(stock(), variant)).isEqualTo(1);
  }

  private static int connections(ForkedClient fork, Variant variant) {
    try (FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(answer()));
        ForkedClient.Session client = fork.open(Map.of("variant", variant.name()))) {
      callAll(client, server);
      return server.ledger().accepted();
    }
  }

  @Test
  void theProxyOfTheSystemPropertiesIsUsedOnceForEachRequest() throws IOException {
    assertThat(tunnels(withAgent())).isEqualTo(REQUESTS);
    assertThat(tunnels(stock())).isEqualTo(1);
  }

  private static int tunnels(ForkedClient fork) throws IOException {
    try (FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(answer()));
        ConnectProxy proxy = ConnectProxy.start();
        ForkedClient.Session client =
            fork.open(
                Map.of("variant", Variant.SYSTEM_PROPERTIES.name(), "proxyPort", proxy.port()))) {
      callAll(client, server);
      return proxy.tunnels();
    }
  }

  private static void callAll(ForkedClient.Session client, FaultServer server) {
    for (int i = 0; i < REQUESTS; i++) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "r" + i));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
    }
  }

  @Test
  void aHandshakeHasOneConnection() {
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(new NtlmHandshake()));
        ForkedClient.Session client =
            withAgent().open(Map.of("variant", Variant.NTLM.name(), "credentials", "someone"))) {
      for (String method : new String[] {"GET", "POST"}) {
        CallResult result = client.call(CallSpec.of(method, server.url("localhost", "/"), method));
        assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
        assertThat(server.ledger().arrivals(method)).as("%s", server.ledger()).isEqualTo(3);
      }
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(2);
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0)).isTrue();
    }
  }

  @Test
  void aRetryStrategyOfTheApplicationsOwnIsAsked() {
    Script once = Script.inTurn(Faults.reject(503, Map.of()), answer());
    try (FaultServer server = FaultServer.start(Protocol.H1, once);
        ForkedClient.Session client =
            withAgent().open(Map.of("variant", Variant.RETRIES_EVERYTHING.name()))) {
      CallResult result = client.call(CallSpec.of("POST", server.url("localhost", "/"), "post"));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.ledger().arrivals("post")).as("%s", server.ledger()).isEqualTo(2);
    }
  }

  private ForkedClient withAgent() {
    return Objects.requireNonNull(protectedFork);
  }

  private ForkedClient stock() {
    return Objects.requireNonNull(stockFork);
  }
}

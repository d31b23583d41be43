package dev.freshwire.it.apache;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.driver.Variant;
import dev.freshwire.it.driver.apache4.Apache4UnderTest;
import dev.freshwire.it.driver.apache5.Apache5AsyncUnderTest;
import dev.freshwire.it.driver.apache5.Apache5UnderTest;
import dev.freshwire.it.driver.apacheasync4.ApacheAsync4UnderTest;
import dev.freshwire.it.faults.ConnectProxy;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.NegotiateHandshake;
import dev.freshwire.it.faults.NtlmHandshake;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.FiveChecks;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

/** The clients as applications build them that do not take what the library offers. */
@ParameterizedClass(name = "{0} by {1} on {2}")
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

  /** The newest versions, and the oldest where the versions were not left to choose. */
  static Stream<Arguments> clients() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(
                        client("apache4", "4.3.6", "4.5.14", Apache4UnderTest.class, jvm),
                        client("apacheasync4", "4.1", "4.1.5", ApacheAsync4UnderTest.class, jvm),
                        client("apache5", "5.0.4", "5.6.5", Apache5UnderTest.class, jvm),
                        client("apache5", "5.0.4", "5.6.5", Apache5AsyncUnderTest.class, jvm))
                    .flatMap(versions -> versions));
  }

  private static Stream<Arguments> client(
      String name, String oldest, String newest, Class<?> driver, TestedJvm jvm) {
    return (ApacheContract.SAMPLE ? Stream.of(newest) : Stream.of(oldest, newest))
        .map(version -> Arguments.of(new ClientVersion(name, version), driver, jvm));
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
  @EnumSource(names = {"SINGLE_CONNECTION", "OWN_MANAGER", "KEEPS_EVERYTHING"})
  void whatTheApplicationWouldKeepIsClosed(Variant variant) {
    assertThat(connections(withAgent(), variant)).isEqualTo(REQUESTS);
    assertThat(connections(stock(), variant)).isEqualTo(1);
  }

  private static int connections(ForkedClient fork, Variant variant) {
    try (FaultServer server = FaultServer.start(Protocol.TLS_H1, Script.always(answer()));
        ForkedClient.Session client = fork.open(Map.of("variant", variant.name()))) {
      callAll(client, server, "localhost");
      return server.ledger().accepted();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "SINGLE_CONNECTION", "OWN_MANAGER"})
  void aChallengeIsAnsweredOnAConnectionOfItsOwn(Variant variant) {
    try (FaultServer server =
            FaultServer.start(Protocol.TLS_H1, Script.always(Faults.unauthorized()));
        ForkedClient.Session client =
            withAgent().open(Map.of("variant", variant.name(), "credentials", "someone"))) {
      for (String id : new String[] {"first", "second", "third"}) {
        CallResult result = client.call(CallSpec.of("POST", server.url("localhost", "/"), id));
        assertThat(result.text()).as("%s: %s", result, server.ledger()).isEqualTo("ok " + id);
        assertThat(server.ledger().arrivals(id)).as("%s", server.ledger()).isEqualTo(2);
      }
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(6);
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0)).isTrue();
    }
  }

  /** What failed, or is to be tried again, leaves a single connection that can be closed. */
  @Test
  void anotherAttemptHasTheSingleConnectionAfresh() {
    Script script = Script.inTurn(Faults.reject(503, Map.of()), Faults.reset(), answer());
    try (FaultServer server = FaultServer.start(Protocol.TLS_H1, script);
        ForkedClient.Session client =
            withAgent().open(Map.of("variant", Variant.SINGLE_CONNECTION.name()))) {
      for (String id : new String[] {"first", "second", "third"}) {
        CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), id));
        assertThat(result.text()).as("%s: %s", result, server.ledger()).isEqualTo("ok " + id);
        assertThat(server.ledger().arrivals(id)).as("%s", server.ledger()).isEqualTo(3);
      }
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(9);
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"PLAIN", "SINGLE_CONNECTION", "OWN_MANAGER"})
  void whatIsNotFitForAnotherRequestIsReplaced(Variant variant) {
    ForkedClient fork = start("hosts=localhost,reuse=validated,reuse.max-requests=2");
    try (fork;
        FaultServer server =
            FaultServer.start(Protocol.TLS_H1, Script.always(Faults.unauthorized()))) {
      try (ForkedClient.Session client =
          fork.open(Map.of("variant", variant.name(), "credentials", "someone"))) {
        for (String id : new String[] {"first", "second", "third"}) {
          CallResult result = client.call(CallSpec.of("POST", server.url("localhost", "/"), id));
          assertThat(result.text()).as("%s: %s", result, server.ledger()).isEqualTo("ok " + id);
          assertThat(server.ledger().arrivals(id)).as("%s", server.ledger()).isEqualTo(2);
        }
        assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(3);
      }
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0)).isTrue();
    }
    assertThat(fork.report().map(AgentReport::errors)).as(fork.stderr()).contains(0L);
  }

  static Stream<Arguments> refusedTokens() {
    return Stream.of(
        Arguments.of("reset", Faults.reset()), Arguments.of("500", Faults.reject(500, Map.of())));
  }

  /** With the next attempt it would be posted again, and none of the outer request was sent. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("refusedTokens")
  void whatAnInterceptorPostsFirstIsSentOnce(String how, Fault fault) {
    assumeTrue(isClassic(), "an interceptor of an asynchronous client has no time for it");
    Script script = Script.always(answer()).onPath("/token", fault);
    try (FaultServer server = FaultServer.start(Protocol.H1, script);
        ForkedClient.Session client =
            withAgent().open(Map.of("variant", Variant.ASKS_AHEAD.name()))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      String seen = how + ": " + result + ", " + server.ledger();
      assertThat(result.failed()).as(seen).isTrue();
      assertThat(server.ledger().arrivals("token")).as(seen).isEqualTo(1);
    }
  }

  @Test
  void whatFailsOnceAnInterceptorHasAskedIsTriedAgain() {
    assumeTrue(isClassic(), "an interceptor of an asynchronous client has no time for it");
    Script script = Script.inTurn(Faults.reset(), answer()).onPath("/token", answer());
    try (FaultServer server = FaultServer.start(Protocol.H1, script);
        ForkedClient.Session client =
            withAgent().open(Map.of("variant", Variant.ASKS_AHEAD.name()))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      assertThat(result.text()).as("%s, %s", result, server.ledger()).isEqualTo("ok main");
      assertThat(server.ledger().arrivals("main")).as("%s", server.ledger()).isEqualTo(2);
    }
  }

  private boolean isClassic() {
    return driver == Apache4UnderTest.class || driver == Apache5UnderTest.class;
  }

  static Stream<Arguments> proxies() {
    return Stream.of(Variant.PLAIN, Variant.SYSTEM_PROPERTIES)
        .flatMap(
            variant ->
                Stream.of(Protocol.H1, Protocol.TLS_H1)
                    .map(protocol -> Arguments.of(variant, protocol)));
  }

  @ParameterizedTest
  @MethodSource("proxies")
  void whatGoesThroughAProxyIsInScopeByItsOwnHost(Variant variant, Protocol protocol)
      throws IOException {
    assertThat(proxied(withAgent(), variant, protocol, "localhost")).isEqualTo(REQUESTS);
    assertThat(proxied(withAgent(), variant, protocol, "127.0.0.1")).isEqualTo(1);
    assertThat(proxied(stock(), variant, protocol, "localhost")).isEqualTo(1);
  }

  /** The connections that the server saw; none that did not come through the proxy. */
  private static int proxied(ForkedClient fork, Variant variant, Protocol protocol, String host)
      throws IOException {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ConnectProxy proxy = ConnectProxy.start();
        ForkedClient.Session client =
            fork.open(Map.of("variant", variant.name(), "proxyPort", proxy.port()))) {
      callAll(client, server, host);
      assertThat(proxy.connections())
          .as("%s", server.ledger())
          .isEqualTo(server.ledger().accepted());
      assertThat(proxy.tunnels()).isEqualTo(protocol.tls() ? proxy.connections() : 0);
      return server.ledger().accepted();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"H1", "TLS_H1"})
  void anAttemptThroughAProxyHasAConnectionOfItsOwn(Protocol protocol) throws IOException {
    Script script = Script.inTurn(Faults.reset(), answer());
    try (FaultServer server = FaultServer.start(protocol, script);
        ConnectProxy proxy = ConnectProxy.start();
        ForkedClient.Session client = withAgent().open(Map.of("proxyPort", proxy.port()))) {
      CallResult get = client.call(CallSpec.of("GET", server.url("localhost", "/"), "get"));
      assertThat(get.status()).as("%s", get).isEqualTo(200);
      CallResult post = client.call(CallSpec.of("POST", server.url("localhost", "/"), "post"));
      assertThat(post.failed()).as("%s", post).isTrue();
      assertThat(server.ledger().arrivals("get")).as("%s", server.ledger()).isEqualTo(2);
      assertThat(server.ledger().arrivals("post")).as("%s", server.ledger()).isEqualTo(1);
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(3);
      assertThat(proxy.connections()).isEqualTo(3);
    }
  }

  @Test
  void theFiveChecksPass() {
    try (FaultServer server = FiveChecks.server()) {
      List<CallResult> results = FiveChecks.run(withAgent(), server);
      assertThat(FiveChecks.harmed(results, server)).as("%s", server.ledger()).isFalse();
      assertThat(server.ledger().accepted())
          .as("%s", server.ledger())
          .isEqualTo(server.ledger().arrivals())
          .isEqualTo(results.size());
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0)).isTrue();
    }
  }

  @Test
  void withoutTheAgentTheFiveChecksFail() {
    try (FaultServer server = FiveChecks.server()) {
      List<CallResult> results = FiveChecks.run(stock(), server);
      assertThat(FiveChecks.harmed(results, server)).as("%s", server.ledger()).isTrue();
    }
  }

  private static void callAll(ForkedClient.Session client, FaultServer server, String host) {
    for (int i = 0; i < REQUESTS; i++) {
      CallResult result = client.call(CallSpec.of("GET", server.url(host, "/"), "r" + i));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
    }
  }

  static Stream<Arguments> handshakes() {
    return Stream.of(
        Arguments.of(Variant.NTLM, new NtlmHandshake()),
        Arguments.of(Variant.NEGOTIATE, new NegotiateHandshake()));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("handshakes")
  void aHandshakeHasOneConnection(Variant variant, Fault handshake) {
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(handshake));
        ForkedClient.Session client =
            withAgent().open(Map.of("variant", variant.name(), "credentials", "someone"))) {
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
    if (driver == ApacheAsync4UnderTest.class) {
      abort("the client has no such strategy");
    }
    if (driver == Apache5AsyncUnderTest.class
        && Objects.requireNonNull(version).version().startsWith("5.0.")) {
      abort("a POST that this client repeats after 503 never ends");
    }
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

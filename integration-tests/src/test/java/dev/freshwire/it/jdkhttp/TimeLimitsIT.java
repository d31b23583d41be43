package dev.freshwire.it.jdkhttp;

import static dev.freshwire.it.faults.Faults.answer;
import static dev.freshwire.it.faults.Faults.answerAfter;
import static dev.freshwire.it.faults.Faults.reset;
import static dev.freshwire.it.faults.Faults.silence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.faults.ConnectProxy;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What each limit is for, and when it ends. Most of each test is waiting. */
@Execution(ExecutionMode.CONCURRENT)
class TimeLimitsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final ClientVersion JDK =
      new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM);

  static Stream<Arguments> combinations() {
    return TestedJvm.all().stream()
        .flatMap(jvm -> Stream.of(Protocol.values()).map(protocol -> Arguments.of(jvm, protocol)));
  }

  /** The client reads the small body of a response that it ignores, so that it can go on. */
  @ParameterizedTest(name = "a 503 whose body never comes is tried again: {0}, {1}")
  @MethodSource("combinations")
  void aBodyThatIsIgnoredIsNotWaitedFor(TestedJvm jvm, Protocol protocol) {
    Script script = Script.inTurn(exchange -> exchange.begin(503, Map.of(), 100), answer());
    try (FaultServer server = FaultServer.start(protocol, script.onPath("/warm", answer()));
        ForkedClient fork = start(jvm, "hosts=localhost");
        ForkedClient.Session session = warm(fork, server, Map.of("readTimeout", 5_000))) {
      ForkedClient.Running running =
          session.start(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      CallResult result = running.await(PATIENCE);
      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("r")).isEqualTo(2);
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0))
          .as("%s", server.ledger())
          .isTrue();
    }
  }

  /** The first request is in scope, the one that it leads to is not. */
  @ParameterizedTest(name = "a redirect out of scope has no read timeout of ours: {0}, {1}")
  @MethodSource("combinations")
  void aReadTimeoutEndsWithItsResponse(TestedJvm jvm, Protocol protocol) {
    try (FaultServer elsewhere =
            FaultServer.start(protocol, Script.always(answerAfter(Duration.ofSeconds(3))));
        FaultServer server =
            FaultServer.start(
                protocol,
                Script.always(redirect(elsewhere.url("127.0.0.1", "/"), Duration.ZERO))
                    .onPath("/warm", answer()));
        ForkedClient fork = start(jvm, "hosts=localhost,read-timeout=2s");
        ForkedClient.Session session = warm(fork, server, Map.of())) {
      CallResult result = session.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      assertThat(result.status()).as("%s: %s", result, elsewhere.ledger()).isEqualTo(200);
      assertThat(elsewhere.ledger().arrivals("r")).isEqualTo(1);
    }
  }

  static Stream<Arguments> tunnels() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(Protocol.TLS_H1, Protocol.TLS_H2)
                    .flatMap(
                        protocol ->
                            Stream.of(ConnectProxy.Silence.values())
                                .map(silence -> Arguments.of(jvm, protocol, silence))));
  }

  /** The client's own timer ends when the proxy has accepted the connection. */
  @ParameterizedTest(name = "connecting through a proxy ends in time: {0}, {1}, silent {2}")
  @MethodSource("tunnels")
  void aConnectTimeoutIsOneOfTheTunnel(
      TestedJvm jvm, Protocol protocol, ConnectProxy.Silence silence) throws IOException {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ConnectProxy proxy = ConnectProxy.start();
        ForkedClient fork = start(jvm, "hosts=localhost,connect-timeout=3s");
        // It also tells the client whether the server speaks HTTP/2.
        ForkedClient.Session session = warm(fork, server, Map.of("proxyPort", proxy.port()))) {
      proxy.fallSilent(silence);
      int before = proxy.connections();
      ForkedClient.Running running =
          session.start(CallSpec.of("POST", server.url("localhost", "/"), "r"));
      CallResult result = running.await(PATIENCE);
      assertThat(failure(result))
          .as("%s: %s", result, server.ledger())
          .isEqualTo("java.net.http.HttpConnectTimeoutException");
      assertThat(server.ledger().arrivals("r")).isZero();
      // No time is left to connect once more.
      assertThat(proxy.connections()).isEqualTo(before + 1);
    }
  }

  /** The time that an attempt has taken is not there for the next one. */
  @ParameterizedTest(name = "a request's own timeout is one of all its attempts: {0}, {1}")
  @MethodSource("combinations")
  void aTimeoutOfTheApplicationIsNotMultiplied(TestedJvm jvm, Protocol protocol) {
    Fault late = exchange -> exchange.after(Duration.ofMillis(2_500), exchange::reset);
    Script script = Script.inTurn(late, silence()).onPath("/warm", answer());
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient fork = start(jvm, "hosts=localhost,retry.backoff=1ms..2ms");
        ForkedClient.Session session = warm(fork, server, Map.of("readTimeout", 4_000))) {
      long began = System.nanoTime();
      CallResult result = session.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      Duration took = Duration.ofNanos(System.nanoTime() - began);
      assertThat(failure(result))
          .as("%s: %s", result, server.ledger())
          .isEqualTo("java.net.http.HttpTimeoutException");
      assertThat(server.ledger().arrivals("r")).isEqualTo(2);
      assertThat(took).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(6));
    }
  }

  /** Which 17 does not have by itself: there it is one of all redirects. */
  @ParameterizedTest(name = "a redirect has a request's own timeout as without the agent: {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void aRedirectHasAsLongAgain(TestedJvm jvm) {
    Duration most = Duration.ofSeconds(2);
    // What the redirect leads to arrives second and, after a failure, third.
    Fault other =
        exchange -> (exchange.arrival() == 2 ? reset() : answerAfter(most)).serve(exchange);
    Script script = Script.always(redirect("/other", most)).onPath("/other", other);
    try (FaultServer server = FaultServer.start(Protocol.H1, script.onPath("/warm", answer()));
        ForkedClient stock = start(jvm, null);
        ForkedClient fork = start(jvm, "hosts=localhost,retry.backoff=1ms..2ms");
        ForkedClient.Session without = warm(stock, server, Map.of("readTimeout", 3_500));
        ForkedClient.Session with = warm(fork, server, Map.of("readTimeout", 3_500))) {
      String url = server.url("localhost", "/");
      ForkedClient.Running expected = without.start(CallSpec.of("GET", url, "without"));
      CallResult result = with.call(CallSpec.of("GET", url, "with"));
      assertThat(result.status())
          .as("%s: %s", result, server.ledger())
          .isEqualTo(expected.await(PATIENCE).status());
      assertThat(server.ledger().arrivals("with")).isEqualTo(3);
    }
  }

  private static Fault redirect(String location, Duration pause) {
    return exchange ->
        exchange.after(pause, () -> exchange.respond(302, Map.of("Location", location), ""));
  }

  private static String failure(CallResult result) {
    CallResult.Failure failure = result.failure();
    return failure == null ? result.toString() : failure.type();
  }

  private static ForkedClient start(TestedJvm jvm, @Nullable String options) {
    return ForkedClient.start(jvm, JDK, JdkHttpUnderTest.class, options);
  }

  /** The first calls of a JVM take their time, which does not matter here. */
  private static ForkedClient.Session warm(
      ForkedClient fork, FaultServer server, Map<String, Object> settings) {
    try (ForkedClient.Session first = fork.open(Map.of())) {
      first.call(CallSpec.of("GET", server.url("localhost", "/warm"), "first"));
    }
    ForkedClient.Session session = fork.open(settings);
    session.call(CallSpec.of("GET", server.url("localhost", "/warm"), "warm"));
    return session;
  }
}

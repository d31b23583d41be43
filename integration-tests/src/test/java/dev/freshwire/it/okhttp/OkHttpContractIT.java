package dev.freshwire.it.okhttp;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.HttpClientContract;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.driver.Variant;
import dev.freshwire.it.driver.okhttp.OkHttpUnderTest;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ForkedClient;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class OkHttpContractIT extends HttpClientContract {
  static Stream<Arguments> runtimes() {
    return runtimes("okhttp", "3.12.13", "3.14.9", "4.12.0", "5.0.0", "5.5.1");
  }

  @Override
  protected Class<?> driver() {
    return OkHttpUnderTest.class;
  }

  @Override
  protected boolean samplesOtherModes() {
    return version().version().startsWith("5.");
  }

  @Override
  protected boolean prewarms() {
    return !version().version().startsWith("3.");
  }

  @Override
  protected Stock stock(Combination at) {
    boolean http2 = at.protocol() == Protocol.TLS_H2;
    boolean since5 = version().version().startsWith("5.");
    return switch (at.row()) {
      // Replays whatever it sent on a reused connection, a POST too.
      case RACE_ON_REUSED, FIN_RACE_ON_REUSED -> at.post() ? Stock.DOUBLED : Stock.COPES;
      // On HTTP/2 it replays if its reader thread has seen the end of the connection in time.
      case RACE_ON_FRESH, RACE_ON_FRESH_ASYNC ->
          http2 ? Stock.BY_CHANCE : at.post() ? Stock.COPES : Stock.LOST;
      // OkHttp 5 hands the first refusal to the caller; 3.12 and 4 the second.
      case GOAWAY_BELOW, REFUSED_STREAM -> since5 ? Stock.LOST : Stock.COPES;
      case REFUSED_STREAM_TWICE ->
          version().version().startsWith("3.14.") ? Stock.COPES : Stock.LOST;
      case GOAWAY_COVERING -> Stock.BY_CHANCE;
      case FIN_AT_100TH -> at.post() ? Stock.DOUBLED : Stock.COPES;
      case SILENT_DROP, CONNECT_UNANSWERED, NO_RESPONSE -> Stock.HANGS;
      // OkHttp 5 races the addresses; before, each has its ten seconds.
      case FIRST_ADDRESS_SILENT -> since5 ? Stock.COPES : Stock.HANGS;
      case HANDSHAKE_DROPPED, PORT_OPENS_LATE, PORT_OPENS_LATE_ONE_SHOT -> Stock.LOST;
      case UNAVAILABLE_ONCE, UNKNOWN_ERROR_ONCE -> at.post() ? Stock.COPES : Stock.HANDED_ON;
      case CANCELLED_IN_BACKOFF, INTERRUPTED_IN_BACKOFF, CLOSED_IN_BACKOFF -> Stock.HANDED_ON;
      default -> Stock.COPES;
    };
  }

  /** What is counted here is not how fast a busy machine is. */
  private static final String PATIENT = "reuse=never,connect-timeout=30s,read-timeout=30s";

  /** What an HTTP/2 server may do to say that it has not processed a request. */
  private static Fault refusal(String how) {
    return how.equals("GOAWAY") ? Faults.goAwayBelow() : Faults.refuseStream();
  }

  static Stream<Arguments> refusedFollowUps() {
    return Stream.of("REFUSED_STREAM", "GOAWAY")
        .flatMap(
            refusal ->
                Stream.of(303, 307)
                    .flatMap(
                        redirected ->
                            Stream.of(1, 3)
                                .map(times -> Arguments.of(refusal, times, redirected))));
  }

  /** The proof is about the last request, and the first was applied. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, {1} times, after {2}")
  @MethodSource("refusedFollowUps")
  void whatWasRedirectedIsNotSentAgainWhenItsFollowUpIsRefused(
      String refusal, int times, int redirected) {
    AtomicInteger applied = new AtomicInteger();
    AtomicInteger refused = new AtomicInteger();
    Fault redirect =
        exchange -> {
          applied.incrementAndGet();
          Faults.reject(redirected, Map.of("Location", "/other")).serve(exchange);
        };
    Script script =
        exchange ->
            exchange.path().equals("/main")
                ? redirect
                : refused.getAndIncrement() < times ? refusal(refusal) : answer();
    try (FaultServer server = FaultServer.start(Protocol.TLS_H2, script);
        ForkedClient.Session client = withAgent(PATIENT).open(Map.of())) {
      CallResult result =
          client.call(CallSpec.of("POST", server.url("localhost", "/main"), "main"));
      String seen = result + ", " + server.ledger();
      assertThat(applied).as(seen).hasValue(1);
      if (redirected == 307 && version().version().startsWith("3.")) {
        assertThat(result.status()).as(seen).isEqualTo(307);
      } else if (times == 1) {
        // OkHttp's own recovery sends the follow-up again, and that alone.
        assertThat(result.text()).as(seen).isEqualTo("ok main");
      } else {
        assertThat(result.failed()).as(seen).isTrue();
      }
    }
  }

  /** A read may be begun again, whatever it was that refused. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"REFUSED_STREAM", "GOAWAY"})
  void aRedirectedGetSurvivesTheRefusalOfItsFollowUp(String refusal) {
    AtomicInteger refused = new AtomicInteger();
    Script script =
        exchange ->
            exchange.path().equals("/main")
                ? Faults.reject(302, Map.of("Location", "/other"))
                : refused.getAndIncrement() < 2 ? refusal(refusal) : answer();
    try (FaultServer server = FaultServer.start(Protocol.TLS_H2, script);
        ForkedClient.Session client = withAgent(PATIENT).open(Map.of())) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      assertThat(result.text()).as("%s: %s", result, server.ledger()).isEqualTo("ok main");
    }
  }

  /** What an authenticator writes is lost once, as without the agent: it is not asked again. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @EnumSource(Protocol.class)
  void whatAnAuthenticatorPostsIsSentOnce(Protocol protocol) {
    Script script = Script.always(Faults.unauthorized()).onPath("/token", Faults.reset());
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session client =
            withAgent(PATIENT).open(Map.of("variant", Variant.ASKS_FOR_TOKENS))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      String seen = result + ", " + server.ledger();
      assertThat(result.failed()).as(seen).isTrue();
      assertThat(server.ledger().applied("token")).as(seen).isEqualTo(1);
      assertThat(server.ledger().arrivals("main")).as(seen).isEqualTo(1);
    }
  }

  static Stream<Arguments> askingFirst() {
    return Stream.of(Protocol.values())
        .flatMap(
            protocol ->
                Stream.of(
                    Arguments.of(protocol, Variant.ASKS_AHEAD, "reset", Faults.reset()),
                    Arguments.of(protocol, Variant.ASKS_AHEAD, "500", Faults.reject(500, Map.of())),
                    // Out of scope the agent has nothing to say about the inner one.
                    Arguments.of(
                        protocol,
                        Variant.ASKS_AHEAD_ELSEWHERE,
                        "500",
                        Faults.reject(500, Map.of()))));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("askingFirst")
  void whatAnInterceptorPostsFirstIsSentOnce(
      Protocol protocol, Variant variant, String how, Fault fault) {
    Script script = Script.always(answer()).onPath("/token", fault);
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session client = withAgent(PATIENT).open(Map.of("variant", variant))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      String seen = how + ": " + result + ", " + server.ledger();
      assertThat(result.failed()).as(seen).isTrue();
      assertThat(server.ledger().arrivals("token")).as(seen).isEqualTo(1);
      assertThat(server.ledger().arrivals("main")).as(seen).isZero();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest
  @EnumSource
  void whatFailsOnceAnInterceptorHasAskedIsTriedAgain(Protocol protocol) {
    Script script = Script.inTurn(Faults.reset(), answer()).onPath("/token", answer());
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session client =
            withAgent(PATIENT).open(Map.of("variant", Variant.ASKS_AHEAD))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      String seen = result + ", " + server.ledger();
      assertThat(result.text()).as(seen).isEqualTo("ok main");
      assertThat(server.ledger().arrivals("main")).as(seen).isEqualTo(2);
    }
  }

  /** As by another thread. That a hook of ours met it is no error, of which there are none here. */
  @ParameterizedTest
  @EnumSource
  void aConnectionThatIsClosedAheadFailsTheRequestAlone(Protocol protocol) {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient.Session client =
            withAgent(PATIENT).open(Map.of("variant", Variant.CLOSES_AHEAD))) {
      CallResult result =
          client.call(CallSpec.of("POST", server.url("localhost", "/main"), "main"));
      assertThat(result.failed()).as("%s: %s", result, server.ledger()).isTrue();
    }
  }

  static Stream<Arguments> failuresAfterTheHead() {
    Fault forbidden = Faults.reject(403, Map.of());
    return Stream.of(Protocol.values())
        .flatMap(
            protocol ->
                Stream.of(
                    Arguments.of(protocol, "refused by an interceptor", forbidden),
                    Arguments.of(protocol, "cut short", Faults.halfBodyThenReset())));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("failuresAfterTheHead")
  void whatFailsOnceTheHeadIsThereIsNotSentAgain(Protocol protocol, String how, Fault fault) {
    try (FaultServer server = FaultServer.start(protocol, Script.always(fault));
        ForkedClient.Session client =
            withAgent(PATIENT).open(Map.of("variant", Variant.LOOKS_INSIDE))) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      String seen = how + ": " + result + ", " + server.ledger();
      assertThat(result.failed()).as(seen).isTrue();
      assertThat(server.ledger().arrivals("main")).as(seen).isEqualTo(1);
    }
  }
}

package dev.freshwire.it.contract;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.ConnectProxy;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.faults.SilentPort;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ForkedClient;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fault table. Each row plays one call that the application makes and knows what the agent owes
 * it. The agent runs with {@code connect-timeout} and {@code read-timeout} of two seconds.
 */
@SuppressWarnings("ImmutableEnumChecker") // What is owed is a function without state.
public enum Row {
  FIN_WHILE_IDLE(1, "FIN while idle", saved(1), saved(1)) {
    @Override
    Script script(Combination at) {
      return Script.always(answer()).onPath("/warm", Faults.finishWhenIdle(IDLE));
    }

    @Override
    void play(Stage stage) {
      playAfterIdleFault(stage);
    }
  },

  RST_WHILE_IDLE(2, "RST while idle", saved(1), saved(1)) {
    @Override
    Script script(Combination at) {
      return Script.always(answer()).onPath("/warm", Faults.resetWhenIdle(IDLE));
    }

    @Override
    void play(Stage stage) {
      playAfterIdleFault(stage);
    }
  },

  RACE_ON_REUSED(3, "request read, then RST, connection reused", saved(2), failed(1)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.reset(), answer()).onPath("/warm", answer());
    }

    @Override
    void play(Stage stage) {
      stage.warmUp();
      stage.call(stage.main());
    }
  },

  FIN_RACE_ON_REUSED(3, "request read, then FIN, connection reused", saved(2), failed(1)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.finish(), answer()).onPath("/warm", answer());
    }

    @Override
    void play(Stage stage) {
      stage.warmUp();
      stage.call(stage.main());
    }
  },

  RACE_ON_FRESH(4, "request read, then RST, connection fresh", saved(2), failed(1)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.reset(), answer());
    }
  },

  RACE_ON_FRESH_ASYNC(4, "the same through the asynchronous call", saved(2), failed(1)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.reset(), answer());
    }

    @Override
    void play(Stage stage) {
      stage.call(stage.main().async());
    }
  },

  SILENT_DROP(5, "silent drop after idle", saved(1), saved(1)) {
    @Override
    Script script(Combination at) {
      return Script.always(answer()).onPath("/warm", Faults.vanishWhenIdle(IDLE));
    }

    @Override
    void play(Stage stage) {
      playAfterIdleFault(stage);
    }
  },

  FIN_AT_100TH(
      6, "FIN at the 100th request of a connection", Row::all100Answered, Row::all100Once) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.atRequest(REQUESTS, Faults.finish()));
    }

    @Override
    void play(Stage stage) {
      List<CallResult> results =
          stage
              .session()
              .burst(
                  stage.url("/main"),
                  List.of(stage.combination().method()),
                  "n",
                  REQUESTS,
                  1,
                  Duration.ofSeconds(60));
      // The one that went wrong, if one did.
      stage.result(results.stream().filter(r -> !r.ok()).findFirst().orElse(results.get(0)));
    }
  },

  GOAWAY_BELOW(7, "GOAWAY below our stream", saved(2), saved(2)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.goAwayBelow(), answer());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return onlyHttp2(at);
    }
  },

  REFUSED_STREAM(7, "REFUSED_STREAM", saved(2), saved(2)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.refuseStream(), answer());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return onlyHttp2(at);
    }
  },

  REFUSED_STREAM_TWICE(7, "REFUSED_STREAM twice", saved(3), saved(3)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.refuseStream(), Faults.refuseStream(), answer());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return onlyHttp2(at);
    }
  },

  GOAWAY_COVERING(8, "GOAWAY covering our stream, then close", saved(2), failed(1)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.goAwayCovering(), answer());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return onlyHttp2(at);
    }
  },

  CONNECT_UNANSWERED(
      9,
      "connect never answered",
      Row::failedWithinConnectTimeout,
      Row::failedWithinConnectTimeout) {
    @Override
    void play(Stage stage) throws Exception {
      stage.target(stage.closing(SilentPort.open()).port());
      stage.call(stage.main());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.protocol().tls() ? "no byte is ever exchanged: the same on every protocol" : null;
    }
  },

  FIRST_ADDRESS_SILENT(9, "connect never answered, next address alive", saved(1), saved(1)) {
    @Override
    void play(Stage stage) throws Exception {
      stage.closing(SilentPort.open(InetAddress.getByName(DEAD), stage.server().port()));
      stage.setting("addresses", List.of(DEAD, ALIVE));
      stage.call(stage.main());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.protocol().tls() ? "the first byte is sent to the next address only" : null;
    }
  },

  HANDSHAKE_DROPPED(10, "TLS handshake dropped twice, then accepted", saved(1), saved(1)) {
    @Override
    void play(Stage stage) {
      stage.server().admission(Admission.HANG_UP.first(2));
      stage.call(stage.main());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.protocol().tls() ? null : "there is no TLS";
    }

    @Override
    int connectionsWithoutRequest() {
      return 2;
    }
  },

  UNAVAILABLE_ONCE(11, "503 with Retry-After: 1, once", Row::savedAfterASecond, handed(503)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.reject(503, Map.of("Retry-After", "1")), answer());
    }
  },

  UNKNOWN_ERROR_ONCE(11, "520 once", saved(2), handed(520)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.reject(520, Map.of()), answer());
    }
  },

  TOO_MANY_REQUESTS(11, "429 is passed through", handed(429), handed(429)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.reject(429, Map.of()), answer());
    }
  },

  HALF_A_BODY(12, "headers and half a body, then RST", failed(1), failed(1)) {
    @Override
    Script script(Combination at) {
      return Script.inTurn(Faults.halfBodyThenReset(), answer());
    }
  },

  NO_RESPONSE(13, "response never comes", Row::failedByReadTimeout, Row::failedByReadTimeout) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.silence());
    }
  },

  SLOW_RESPONSE(
      13, "response slower than read-timeout, the application allows it", saved(1), saved(1)) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.answerAfter(Duration.ofMillis(2_500)));
    }

    @Override
    void play(Stage stage) {
      stage.setting("readTimeout", 20_000);
      stage.call(stage.main());
    }
  },

  PORT_OPENS_LATE(14, "port closed, opens 250 ms later", saved(1), saved(1)) {
    @Override
    boolean listening() {
      return false;
    }

    @Override
    void play(Stage stage) {
      stage.session();
      stage.server().listenAfter(250);
      stage.call(stage.main());
    }
  },

  PORT_OPENS_LATE_ONE_SHOT(14, "the same with a body that can be read once", saved(1), saved(1)) {
    @Override
    boolean listening() {
      return false;
    }

    @Override
    void play(Stage stage) {
      stage.session();
      stage.server().listenAfter(250);
      stage.call(stage.oneShotMain());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.post() ? null : "a GET has no body";
    }
  },

  FIRST_ADDRESS_DEAD(15, "first address dead, second alive", saved(1), saved(1)) {
    @Override
    void play(Stage stage) {
      stage.setting("addresses", List.of(DEAD, ALIVE));
      stage.call(stage.main());
    }
  },

  SLOW_EVENTS(16, "event stream with silences longer than read-timeout", saved(1), saved(1)) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.events(2, Duration.ofMillis(2_500)));
    }
  },

  IDLE_WEB_SOCKET(16, "WebSocket idle, heartbeats rarer than read-timeout", saved(1), saved(1)) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.webSocket());
    }

    @Override
    void play(Stage stage) {
      CallResult echo =
          stage
              .session()
              .webSocket(stage.url("/main"), Duration.ofMillis(4_000), Duration.ofMillis(2_500));
      stage.result(
          echo.failed() ? echo : new CallResult(200, echo.text().length(), echo.text(), null));
    }

    @Override
    String mainId() {
      return "/main";
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.protocol() == Protocol.TLS_H2
          ? "the clients speak WebSocket over HTTP/1.1"
          : at.post() ? "a WebSocket begins with a GET" : null;
    }
  },

  LARGE_BODY(17, "body larger than the socket buffers", Row::savedLarge, saved(1)) {
    @Override
    Script script(Combination at) {
      return Script.always(at.post() ? answer() : Faults.large(LARGE));
    }

    @Override
    void play(Stage stage) {
      stage.call(stage.main().body(Call.Body.BYTES, LARGE));
    }
  },

  EARLY_RESPONSE(17, "response before the body is read", handed(413), handed(413)) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.rejectBeforeBody(413));
    }

    @Override
    void play(Stage stage) {
      stage.call(stage.main().body(Call.Body.BYTES, LARGE));
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.post() ? null : "a GET has no body";
    }
  },

  EXPECT_CONTINUE(17, "Expect: 100-continue", saved(1), saved(1)) {
    @Override
    void play(Stage stage) {
      stage.call(stage.main().header("Expect", "100-continue"));
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.post() ? null : "a GET has no body";
    }
  },

  REDIRECT(18, "redirect on the same host", savedAs("ok main", 2), savedAs("ok main", 2)) {
    @Override
    Script script(Combination at) {
      return Script.always(answer())
          .onPath("/main", Faults.reject(at.post() ? 303 : 302, Map.of("Location", "/other")));
    }
  },

  REDIRECT_OUT_OF_SCOPE(
      18, "redirect to a host out of scope", savedAs("ok main", 2), savedAs("ok main", 2)) {
    @Override
    Script script(Combination at) {
      Fault redirect =
          exchange -> {
            String host = exchange.header("Host");
            if (host == null) {
              host = exchange.header(":authority");
            }
            String port = host == null ? "" : host.substring(host.indexOf(':'));
            String there = at.protocol().scheme() + "://127.0.0.1" + port + "/other";
            Faults.reject(at.post() ? 303 : 302, Map.of("Location", there)).serve(exchange);
          };
      return Script.always(answer()).onPath("/main", redirect);
    }

    @Override
    boolean leavesPooledOutOfScope() {
      return true;
    }
  },

  AUTHENTICATOR(18, "401 with authenticator", savedAs("ok main", 2), savedAs("ok main", 2)) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.unauthorized());
    }

    @Override
    void play(Stage stage) {
      stage.setting("credentials", "someone");
      stage.call(stage.main());
    }
  },

  CONNECT_PROXY(18, "CONNECT proxy", savedAs("ok main", 1), savedAs("ok main", 1)) {
    @Override
    void play(Stage stage) {
      ConnectProxy proxy = stage.closing(ConnectProxy.start());
      stage.setting("proxyPort", proxy.port());
      stage.call(stage.main());
      int spares = stage.combination().mode() == Mode.PREWARM ? 2 : 0;
      assertThat(proxy.tunnels()).as("tunnels").isBetween(1, 1 + spares);
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.protocol().tls() ? null : "CONNECT is for TLS";
    }
  },

  GZIP(18, "gzip", savedAs("squeezed", 1), savedAs("squeezed", 1)) {
    @Override
    Script script(Combination at) {
      return Script.always(Faults.gzip("squeezed"));
    }
  },

  HTTP_CACHE(18, "HTTP cache", savedAs("kept", 1), savedAs("kept", 1)) {
    @Override
    Script script(Combination at) {
      return Script.always(answer(Map.of("Cache-Control", "max-age=60"), "kept"));
    }

    @Override
    void play(Stage stage) {
      stage.setting("cache", true);
      stage.call(stage.main());
      stage.call(CallSpec.of("GET", stage.url("/main"), "again"));
      assertThat(stage.ledger().arrivals("again")).as("served from the cache").isZero();
    }

    @Override
    @Nullable String notFor(Combination at) {
      return at.post() ? "the answer to a POST is not cached" : null;
    }
  },

  CANCELLED_IN_BACKOFF(
      20, "call cancelled during a backoff", Row::stoppedAtOnce, Row::stoppedAtOnce) {
    @Override
    Script script(Combination at) {
      return longBackoff();
    }

    @Override
    void play(Stage stage) {
      playStopped(stage, ForkedClient.Running::cancel);
    }

    @Override
    @Nullable String notFor(Combination at) {
      return onlyRetried(at);
    }
  },

  INTERRUPTED_IN_BACKOFF(
      20, "thread interrupted during a backoff", Row::givenUpAtOnce, Row::givenUpAtOnce) {
    @Override
    Script script(Combination at) {
      return longBackoff();
    }

    @Override
    void play(Stage stage) {
      playStopped(stage, ForkedClient.Running::interrupt);
    }

    @Override
    @Nullable String notFor(Combination at) {
      return onlyRetried(at);
    }
  },

  CLOSED_IN_BACKOFF(20, "client closed during a backoff", Row::stoppedAtOnce, Row::stoppedAtOnce) {
    @Override
    Script script(Combination at) {
      return longBackoff();
    }

    @Override
    void play(Stage stage) {
      playStopped(stage, running -> stage.session().close());
    }

    @Override
    @Nullable String notFor(Combination at) {
      return onlyRetried(at);
    }
  };

  /** The agent's {@code connect-timeout} and {@code read-timeout} in these tests. */
  static final Duration TIMEOUT = Duration.ofSeconds(2);

  private static final Duration IDLE = Duration.ofMillis(150);
  private static final Duration SLACK = Duration.ofMillis(900);
  private static final int REQUESTS = 100;
  private static final int LARGE = 8 << 20;
  private static final String DEAD = "127.0.0.2";
  private static final String ALIVE = "127.0.0.1";

  /** What is owed to the call, checked when it has been played. */
  interface Owed {
    void check(Stage stage);
  }

  private interface Stop {
    void stop(ForkedClient.Running running);
  }

  private final int number;
  private final String title;
  private final Owed toGet;
  private final Owed toPost;

  Row(int number, String title, Owed toGet, Owed toPost) {
    this.number = number;
    this.title = title;
    this.toGet = toGet;
    this.toPost = toPost;
  }

  public int number() {
    return number;
  }

  public String title() {
    return title;
  }

  /** What the server does. */
  Script script(Combination at) {
    return Script.always(answer());
  }

  /** What the application does. */
  void play(Stage stage) throws Exception {
    stage.call(stage.main());
  }

  /** Why this cell of the matrix does not apply; null: it does. */
  @Nullable String notFor(Combination at) {
    return null;
  }

  /** Whether the server listens from the beginning. */
  boolean listening() {
    return true;
  }

  /** Connections that the server accepts and that no request can arrive on. */
  int connectionsWithoutRequest() {
    return 0;
  }

  /** Whether the call ends at a host where the client keeps its pooling. */
  boolean leavesPooledOutOfScope() {
    return false;
  }

  /** What the server counts the row's call by. */
  String mainId() {
    return Stage.MAIN;
  }

  void assertOwed(Stage stage) {
    (stage.combination().post() ? toPost : toGet).check(stage);
  }

  private static Owed saved(int arrivals) {
    return stage -> {
      String id = stage.combination().row().mainId();
      assertThat(stage.result().status()).as("%s", stage).isEqualTo(200);
      assertThat(stage.ledger().arrivals(id)).as("arrivals: %s", stage).isEqualTo(arrivals);
      assertThat(stage.ledger().applied(id)).as("applied: %s", stage).isBetween(1, arrivals);
    };
  }

  private static Owed savedAs(String text, int arrivals) {
    return stage -> {
      saved(arrivals).check(stage);
      assertThat(stage.result().text()).isEqualTo(text);
    };
  }

  private static Owed failed(int arrivals) {
    return stage -> {
      assertThat(stage.result().failed()).as("an exception: %s", stage).isTrue();
      assertThat(stage.ledger().arrivals(Stage.MAIN)).as("%s", stage).isEqualTo(arrivals);
    };
  }

  private static Owed handed(int status) {
    return stage -> {
      assertThat(stage.result().status()).as("%s", stage).isEqualTo(status);
      assertThat(stage.ledger().arrivals(Stage.MAIN)).as("arrivals: %s", stage).isEqualTo(1);
    };
  }

  private static void all100Answered(Stage stage) {
    assertThat(stage.result().status()).as("all answered: %s", stage).isEqualTo(200);
  }

  private static void all100Once(Stage stage) {
    all100Answered(stage);
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(stage.ledger().arrivals("n" + i)).as("arrivals of n%s: %s", i, stage).isEqualTo(1);
    }
  }

  private static void failedWithinConnectTimeout(Stage stage) {
    failed(0).check(stage);
    assertThat(stage.elapsed()).as("%s", stage).isLessThan(TIMEOUT.plus(SLACK));
  }

  private static void failedByReadTimeout(Stage stage) {
    assertThat(stage.result().failed()).as("an exception: %s", stage).isTrue();
    assertThat(stage.elapsed()).as("%s", stage).isGreaterThan(TIMEOUT.minus(SLACK));
    // A server that is slow is not asked again.
    assertThat(stage.ledger().arrivals(Stage.MAIN)).as("%s", stage).isEqualTo(1);
    assertThat(stage.elapsed()).as("%s", stage).isLessThan(TIMEOUT.plus(SLACK));
  }

  private static void savedAfterASecond(Stage stage) {
    saved(2).check(stage);
    assertThat(stage.elapsed()).as("%s", stage).isGreaterThanOrEqualTo(Duration.ofMillis(950));
  }

  private static void savedLarge(Stage stage) {
    saved(1).check(stage);
    assertThat(stage.result().length()).isEqualTo(LARGE);
  }

  /**
   * What waits has an answer in hand: an interrupted call may end with it, or with an exception.
   */
  private static void givenUpAtOnce(Stage stage) {
    if (!stage.result().failed()) {
      handed(503).check(stage);
    }
    assertThat(stage.ledger().arrivals(Stage.MAIN)).as("%s", stage).isEqualTo(1);
    assertThat(stage.elapsed()).as("time to stop: %s", stage).isLessThan(Duration.ofSeconds(2));
  }

  private static void stoppedAtOnce(Stage stage) {
    failed(1).check(stage);
    assertThat(stage.elapsed()).as("time to stop: %s", stage).isLessThan(Duration.ofSeconds(2));
  }

  private static void playAfterIdleFault(Stage stage) {
    stage.warmUp();
    stage.awaitIdleFault();
    stage.call(stage.main());
  }

  private static Script longBackoff() {
    Fault unavailable = Faults.reject(503, Map.of("Retry-After", "20"));
    return Script.inTurn(
        exchange -> {
          unavailable.serve(exchange);
          // By then the client has read the answer and waits.
          exchange.idleFault(Duration.ofMillis(300), () -> {});
        },
        answer());
  }

  private static void playStopped(Stage stage, Stop stop) {
    ForkedClient.Running running = stage.session().start(stage.main());
    stage.awaitIdleFault();
    long start = System.nanoTime();
    stop.stop(running);
    stage.finish(running, start);
  }

  private static @Nullable String onlyHttp2(Combination at) {
    return at.protocol() == Protocol.TLS_H2 ? null : "there are no streams";
  }

  private static @Nullable String onlyRetried(Combination at) {
    return at.post() ? "a POST that was sent is not retried, so nothing waits" : null;
  }
}

package dev.freshwire.it.contract;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the agent owes to every client, counted by the server. A subclass is a parameterised class
 * over client versions and JVMs; it names its driver and says what the stock client does.
 *
 * <p>One JVM is forked for each set of agent options and lives through all tests of a version.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class HttpClientContract {
  private static final Duration WITH_AGENT = Duration.ofSeconds(20);

  /** Longer than the agent's timeouts, shorter than the clients' own. */
  private static final Duration WITHOUT_AGENT = Duration.ofSeconds(3);

  private static final Duration EVENT = Duration.ofSeconds(10);
  private static final String TIMEOUTS =
      "hosts=localhost,connect-timeout="
          + Row.TIMEOUT.toSeconds()
          + "s,read-timeout="
          + Row.TIMEOUT.toSeconds()
          + "s";

  /** Whether a JVM that ran with the agent must have left a report. */
  private static final boolean REPORT_REQUIRED =
      System.getProperty("freshwire.test.report", "optional").equals("required");

  @Parameter(0)
  private @Nullable ClientVersion version;

  @Parameter(1)
  private @Nullable TestedJvm jvm;

  private final Map<String, ForkedClient> forks = new HashMap<>();

  /**
   * The cross product of the chosen versions and the JVMs under test.
   *
   * <p>The system property {@code freshwire.test.versions} chooses among the versions, which are
   * given from the oldest to the newest: {@code ends} (the default: the first and the last), {@code
   * middle} (the others), {@code newest}, {@code all}, or versions by name, separated by commas.
   */
  protected static Stream<Arguments> runtimes(String client, String... versions) {
    return chosen(List.of(versions)).stream()
        .flatMap(
            version ->
                TestedJvm.all().stream()
                    .map(jvm -> Arguments.of(new ClientVersion(client, version), jvm)));
  }

  private static List<String> chosen(List<String> versions) {
    String wanted = System.getProperty("freshwire.test.versions", "ends");
    int last = versions.size() - 1;
    return switch (wanted) {
      case "all" -> versions;
      case "ends" -> last == 0 ? versions : List.of(versions.get(0), versions.get(last));
      case "middle" -> last < 2 ? List.of() : versions.subList(1, last);
      case "newest" -> versions.subList(last, last + 1);
      default -> versions.stream().filter(List.of(wanted.split(",", -1))::contains).toList();
    };
  }

  /** The {@link dev.freshwire.it.driver.ClientUnderTest} of this client. */
  protected Class<?> driver() {
    throw new UnsupportedOperationException("says neither driver() nor driverName()");
  }

  /** Its name, which is all there is of one that another module compiles. */
  protected String driverName() {
    return driver().getName();
  }

  /** What the client does by itself in this cell of the matrix. */
  protected abstract Stock stock(Combination at);

  /** What closing the stock client may fail with by its own fault; null: with nothing. */
  protected @Nullable String stockFailsToClose(Combination at) {
    return null;
  }

  /** Whether the client speaks it at all. */
  protected boolean speaks(Protocol protocol) {
    return true;
  }

  /** Whether the stock client reuses connections; one that does not has nothing to be cured of. */
  protected boolean pools() {
    return true;
  }

  /** Whether the stock client resumes TLS sessions. */
  protected boolean resumes() {
    return true;
  }

  /**
   * Whether over HTTP/2 the client fails what its application has not taken yet when a connection
   * ends, although the whole response is there.
   */
  protected boolean givesAnswersUp() {
    return false;
  }

  private void skipUnlessSpoken(Protocol protocol) {
    if (!speaks(protocol)) {
      abort("the client does not speak " + protocol);
    }
  }

  /** Why a cell does not apply to this client; null: it does. */
  protected @Nullable String notFor(Combination at) {
    return speaks(at.protocol()) ? null : "the client does not speak it";
  }

  /** Why the stock client cannot be left alone under random faults; null: it can. */
  protected @Nullable String notUnderRandomFaults() {
    return null;
  }

  protected final ClientVersion version() {
    return Objects.requireNonNull(version);
  }

  protected final TestedJvm jvm() {
    return Objects.requireNonNull(jvm);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @MethodSource("matrix")
  void withTheAgent(Combination at) throws Exception {
    skipIfNotFor(at);
    try (Stage stage = new Stage(at, withAgent(at.mode().options()), WITH_AGENT)) {
      play(stage);
      at.row().assertOwed(stage);
      assertThat(stage.ledger().appliedTwice().keySet())
          .as("applied twice")
          .allMatch(id -> !at.post());
      assertConnections(stage);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, is seen to go wrong", allowZeroInvocations = true)
  @MethodSource("harmfulCells")
  void withoutTheAgent(Combination at) throws Exception {
    if (stock(at) == Stock.BY_CHANCE) {
      abort(at + ": what happens depends on which of the client's threads sees the fault first");
    }
    try (Stage stage =
        new Stage(at, withoutAgent(), WITHOUT_AGENT).mayFailToClose(stockFailsToClose(at))) {
      play(stage);
      stock(at).assertShown(stage);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, is the same", allowZeroInvocations = true)
  @MethodSource("harmlessCells")
  void withoutTheAgentTheSame(Combination at) throws Exception {
    try (Stage stage =
        new Stage(at, withoutAgent(), WITH_AGENT).mayFailToClose(stockFailsToClose(at))) {
      play(stage);
      at.row().assertOwed(stage);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @EnumSource(Protocol.class)
  void tenSequentialRequestsUseTenConnections(Protocol protocol) {
    skipUnlessSpoken(protocol);
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient.Session client = withAgent(Mode.NEVER.options()).open(Map.of())) {
      assertAllOk(burst(client, server, 10, 1));
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(10);
      assertAllClosed(server);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @EnumSource(Protocol.class)
  void withoutTheAgentTenSequentialRequestsShareOne(Protocol protocol) {
    skipUnlessSpoken(protocol);
    if (!pools()) {
      abort("the client dials for every request by itself");
    }
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient.Session client = withoutAgent().open(Map.of())) {
      assertAllOk(burst(client, server, 10, 1));
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(1);
      assertThat(server.ledger().open()).as("%s", server.ledger()).isEqualTo(1);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @EnumSource(Protocol.class)
  void oneHundredConcurrentRequestsUseOneHundredConnections(Protocol protocol) {
    skipUnlessSpoken(protocol);
    // Slow enough that all are under way at once.
    Script slow = Script.always(Faults.answerAfter(Duration.ofMillis(100)));
    try (FaultServer server = FaultServer.start(protocol, slow);
        ForkedClient.Session client = withAgent(PATIENT).open(Map.of())) {
      assertAllOk(burst(client, server, 100, 100));
      assertThat(server.ledger().accepted())
          .as("%s", server.ledger())
          .isEqualTo(server.ledger().arrivals());
      assertThat(server.ledger().arrivals()).isEqualTo(100);
      assertAllClosed(server);
    }
  }

  static Stream<Arguments> consumptions() {
    return Stream.of(Protocol.values())
        .flatMap(
            protocol ->
                Stream.of(Call.Consume.values())
                    .flatMap(
                        how ->
                            Stream.of(
                                Arguments.of(protocol, how, "blocking"),
                                Arguments.of(protocol, how, "async"))));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("consumptions")
  void theConnectionIsClosedOnceTheResponseIsDoneWith(
      Protocol protocol, Call.Consume how, String style) {
    skipUnlessSpoken(protocol);
    try (FaultServer server = FaultServer.start(protocol, Script.always(Faults.large(1 << 20)));
        ForkedClient.Session client = withAgent(Mode.NEVER.options()).open(Map.of())) {
      CallSpec spec = CallSpec.of("GET", server.url("localhost", "/"), "large").consume(how);
      CallResult result = client.call(style.equals("async") ? spec.async() : spec);
      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertAllClosed(server);
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @EnumSource(Protocol.class)
  void aHostOutOfScopeKeepsItsPoolThroughTheSameClient(Protocol protocol) {
    skipUnlessSpoken(protocol);
    if (!pools()) {
      abort("the client dials for every request by itself");
    }
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient.Session client = withAgent(Mode.NEVER.options()).open(Map.of())) {
      for (int i = 0; i < 10; i++) {
        for (String host : List.of("127.0.0.1", "localhost")) {
          CallResult result =
              client.call(CallSpec.of("GET", server.url(host, "/"), host + " " + i));
          assertThat(result.status()).as("%s", result).isEqualTo(200);
        }
      }
      assertThat(server.ledger().accepted())
          .as("ten for localhost and one for 127.0.0.1: %s", server.ledger())
          .isEqualTo(11);
      assertThat(server.ledger().await(EVENT, seen -> seen.open() == 1)).isTrue();
    }
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @EnumSource(value = Protocol.class, names = "H1", mode = EnumSource.Mode.EXCLUDE)
  void tlsSessionsStillResume(Protocol protocol) {
    skipUnlessSpoken(protocol);
    if (!resumes()) {
      abort("the client resumes no TLS session by itself");
    }
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient.Session client = withAgent(Mode.NEVER.options()).open(Map.of())) {
      assertAllOk(burst(client, server, 10, 1));
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(10);
      assertThat(server.ledger().fullHandshakes()).as("full handshakes").isBetween(1, 3);
    }
  }

  static Stream<Arguments> bodies() {
    return Stream.of(Arguments.of("a body", "twelve bytes"), Arguments.of("no body", ""));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @MethodSource("bodies")
  void anEndOfStreamThatComesLateDoesNotCutTheResponse(String name, String body) {
    skipUnlessSpoken(Protocol.TLS_H2);
    Script late = Script.always(Faults.lateEndOfStream(Duration.ofMillis(20), body));
    try (FaultServer server = FaultServer.start(Protocol.TLS_H2, late);
        ForkedClient.Session client = withAgent(Mode.NEVER.options()).open(Map.of())) {
      List<CallResult> results = burst(client, server, 20, 2);
      assertAllOk(results);
      assertThat(results).extracting(CallResult::text).containsOnly(body);
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(20);
      assertAllClosed(server);
    }
  }

  static Stream<Arguments> randomRuns() {
    return Mode.tested().stream()
        .flatMap(
            mode ->
                Stream.of(
                    Arguments.of(Protocol.H1, 10_000, mode),
                    Arguments.of(Protocol.TLS_H1, 1_000, mode),
                    Arguments.of(Protocol.TLS_H2, 1_000, mode)));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{1} requests, {0}, {2}")
  @MethodSource("randomRuns")
  void underRandomFaultsNoWriteIsAppliedTwiceAndNoSavableReadIsLost(
      Protocol protocol, int count, Mode mode) {
    skipUnlessSpoken(protocol);
    RandomFaults faults =
        RandomFaults.seeded(protocol, protocol == Protocol.TLS_H2 && givesAnswersUp());
    boolean validated = mode == Mode.VALIDATED;
    // A pooled connection that dies at the wrong moment costs an attempt of which the server knows
    // nothing; and a shared one takes down responses that had begun, which nobody can save.
    String attempts = validated ? ",retry.max-attempts=4" : "";
    int concurrency = validated && protocol == Protocol.TLS_H2 ? 1 : 16;
    try (FaultServer server = FaultServer.start(protocol, faults);
        ForkedClient.Session client = withAgent(mode.options() + HASTY + attempts).open(Map.of())) {
      List<CallResult> results =
          client.burst(
              server.url("localhost", "/"),
              List.of("GET", "POST"),
              "r",
              count,
              concurrency,
              Duration.ofMinutes(3));
      assertThat(faults.lostReads(results)).as("reads lost, %s", faults).isEmpty();
      assertThat(faults.writesAppliedTwice(server.ledger())).as("%s", faults).isEmpty();
      assertThat(faults.writesNotAsAnswered(results, server.ledger())).as("%s", faults).isEmpty();
      if (mode == Mode.NEVER) {
        assertAllClosed(server);
      } else if (validated && validates(protocol)) {
        assertThat(server.ledger().accepted()).as("%s", server.ledger()).isLessThan(count);
      }
    }
  }

  /** Whether the other modes are tested a little even where they are not asked for. */
  protected boolean samplesOtherModes() {
    return false;
  }

  Stream<Arguments> bounds() {
    return validated()
        .flatMap(
            protocol ->
                Stream.of(
                    Arguments.of(protocol, "reuse.max-idle=10s", 1),
                    Arguments.of(protocol, "reuse.max-idle=10s,reuse.max-requests=3", 4),
                    Arguments.of(protocol, "reuse.max-idle=10s,reuse.max-age=1ms", 10),
                    Arguments.of(protocol, "reuse.max-idle=1ms", 10)));
  }

  /** Whether connections are reused after a check; otherwise each attempt has its own. */
  protected boolean validates(Protocol protocol) {
    return true;
  }

  private boolean tests(Mode mode) {
    return samplesOtherModes() || Mode.tested().contains(mode);
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, {1}: {2} connections", allowZeroInvocations = true)
  @MethodSource("bounds")
  void tenSequentialRequestsReuseWithinTheBounds(Protocol protocol, String bounds, int expected) {
    skipUnlessSpoken(protocol);
    // Slow enough that a millisecond has gone by at the next request.
    Script slow = Script.always(Faults.answerAfter(Duration.ofMillis(5)));
    try (FaultServer server = FaultServer.start(protocol, slow);
        ForkedClient.Session client = withAgent("reuse=validated," + bounds).open(Map.of())) {
      boolean idles = bounds.equals("reuse.max-idle=1ms");
      for (int i = 0; i < 10; i++) {
        CallResult result =
            client.call(CallSpec.of("GET", server.url("localhost", "/"), "bounded " + i));
        assertThat(result.status()).as("%s", result).isEqualTo(200);
      }
      assertThat(server.ledger().accepted())
          .as("%s", server.ledger())
          .isBetween(idles ? 2 : expected, expected);
    }
  }

  /** A reset destroys what the client has not read yet: long enough for a busy machine. */
  private static final Duration PAUSE = Duration.ofMillis(150);

  Stream<Arguments> ends() {
    return validated()
        .flatMap(
            protocol ->
                Stream.of(
                    Arguments.of(protocol, "FIN", Faults.finishWhenIdle(PAUSE)),
                    Arguments.of(protocol, "RST", Faults.resetWhenIdle(PAUSE))));
  }

  /**
   * A POST, which nobody may send again: had it gone out on the dead connection it would be lost.
   */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, {1}", allowZeroInvocations = true)
  @MethodSource("ends")
  void aPooledConnectionThatTheServerHasEndedIsNotUsed(Protocol protocol, String how, Fault end) {
    skipUnlessSpoken(protocol);
    Script script = Script.always(answer()).onPath("/warm", end);
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session client = withAgent(PROBED).open(Map.of())) {
      for (int i = 1; i <= 5; i++) {
        assertThat(client.call(CallSpec.of("GET", server.url("localhost", "/warm"), "w")).status())
            .isEqualTo(200);
        // Each arrival is followed by a fault, that of a GET which was sent again as well.
        assertThat(server.ledger().await(EVENT, seen -> seen.idleFaults() == seen.arrivals("w")))
            .isTrue();
        CallResult result =
            client.call(CallSpec.of("POST", server.url("localhost", "/"), "main " + i));
        assertThat(result.status()).as("%s", result).isEqualTo(200);
        assertThat(server.ledger().arrivals("main " + i)).isEqualTo(1);
      }
    }
  }

  Stream<Protocol> validated() {
    return Stream.of(Protocol.values())
        .filter(protocol -> tests(Mode.VALIDATED) && validates(protocol));
  }

  /**
   * The client has as many dead connections as it keeps, and had no time to read of any of them:
   * who trusts what the client knows writes on some. On HTTP/2 there is more to read before the
   * end. Nothing is tried twice.
   */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("validated")
  void anEndThatTheClientHasNotReadYetIsSeen(Protocol protocol) throws Exception {
    skipUnlessSpoken(protocol);
    Script slow = Script.always(Faults.answerAfter(Duration.ofMillis(100)));
    // A JVM of its own, as it is stopped.
    try (FaultServer server = FaultServer.start(protocol, slow);
        ForkedClient fork = fork("hosts=localhost," + PROBED + PATIENT_ONCE);
        ForkedClient.Session client = fork.open(Map.of())) {
      for (int i = 1; i <= 4; i++) {
        assertAllOk(
            client.burst(
                server.url("localhost", "/"),
                List.of("GET"),
                "g" + i + ' ',
                AT_ONCE,
                AT_ONCE,
                WITH_AGENT));
        CompletableFuture<List<CallResult>> posts;
        fork.suspend();
        try {
          server.endAllBehindFrames(i % 2 == 0);
          posts =
              client.startBurst(
                  server.url("localhost", "/"),
                  List.of("POST"),
                  "p" + i + ' ',
                  AT_ONCE,
                  AT_ONCE,
                  Map.of());
        } finally {
          fork.resume();
        }
        assertAllOk(posts.get(WITH_AGENT.toMillis(), TimeUnit.MILLISECONDS));
      }
      assertThat(server.ledger().appliedTwice()).as("%s", server.ledger()).isEmpty();
    }
  }

  private static final int AT_ONCE = 20;

  /** Every connection that has served before resets: a second one of these would be the failure. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("validated")
  void whatFailsOnAPooledConnectionIsTriedAgainOnANewOne(Protocol protocol) {
    skipUnlessSpoken(protocol);
    Script script =
        exchange ->
            exchange.path().equals("/main") && exchange.requestNumber() > 1
                ? Faults.reset()
                : Faults.answerAfter(Duration.ofMillis(100));
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session client = withAgent(PROBED + ",retry.max-attempts=2").open(Map.of())) {
      assertAllOk(burst(client, server, 5, 5));
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/main"), "main"));
      assertThat(result.status()).as("%s: %s", result, server.ledger()).isEqualTo(200);
      assertThat(server.ledger().arrivals("main")).isEqualTo(2);
    }
  }

  /** Whether spare connections are made for this client. */
  protected boolean prewarms() {
    return false;
  }

  Stream<Protocol> prewarmed() {
    return Stream.of(Protocol.values()).filter(protocol -> tests(Mode.PREWARM) && prewarms());
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}", allowZeroInvocations = true)
  @MethodSource("prewarmed")
  void everySpareConnectionServesOneRequest(Protocol protocol) {
    skipUnlessSpoken(protocol);
    AtomicInteger second = new AtomicInteger();
    Script once =
        exchange -> {
          second.addAndGet(exchange.requestNumber() > 1 ? 1 : 0);
          return answer();
        };
    try (FaultServer server = FaultServer.start(protocol, once);
        ForkedClient.Session client = withAgent(SPARE).open(Map.of())) {
      // Spares are made from the second request on, of either version of HTTP.
      assertAllOk(burst(client, server, 2, 1));
      for (int i = 1; i <= 20; i++) {
        CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "n" + i));
        assertThat(result.status()).as("%s", result).isEqualTo(200);
        assertThat(awaitSpare(server, EVENT)).as("%s", server.ledger()).isTrue();
      }
      assertThat(second).as("requests on a used connection").hasValue(0);
      // Had the spares not been used, each request would have opened a connection as well.
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isLessThanOrEqualTo(26);
      assertAllClosed(server);
    }
  }

  Stream<Arguments> spareEnds() {
    return prewarmed().flatMap(at -> Stream.of(Arguments.of(at, true), Arguments.of(at, false)));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}, with RST: {1}", allowZeroInvocations = true)
  @MethodSource("spareEnds")
  void theEndOfASpareConnectionIsNeverSeen(Protocol protocol, boolean reset) {
    skipUnlessSpoken(protocol);
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient.Session client = withAgent(SPARE).open(Map.of())) {
      for (int i = 1; i <= 5; i++) {
        makeSpare(client, server);
        server.endAll(reset);
        CallResult result =
            client.call(CallSpec.of("POST", server.url("localhost", "/"), "main " + i));
        assertThat(result.status()).as("%s", result).isEqualTo(200);
        assertThat(server.ledger().arrivals("main " + i)).isEqualTo(1);
      }
    }
  }

  /** The modes in which an idle connection may be told that it is to be used no more. */
  Stream<Mode> goneAway() {
    return Stream.of(Mode.values())
        .filter(mode -> mode == Mode.NEVER || tests(mode))
        .filter(mode -> mode != Mode.PREWARM || prewarms())
        .filter(mode -> mode != Mode.VALIDATED || validates(Protocol.TLS_H2));
  }

  /** A POST is what nobody may send again: had it gone out on that connection it would be lost. */
  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @MethodSource("goneAway")
  void aGoAwayOnAnIdleConnectionIsNoticed(Mode mode) {
    skipUnlessSpoken(Protocol.TLS_H2);
    String options =
        switch (mode) {
          case NEVER -> mode.options();
          case PREWARM -> SPARE;
          case VALIDATED -> PROBED;
        };
    // What goes out on it nevertheless is proved unprocessed, and tried again if it may be.
    options += ",retry.max-attempts=1";
    try (FaultServer server = FaultServer.start(Protocol.TLS_H2, Script.always(answer()));
        ForkedClient.Session client = withAgent(options).open(Map.of())) {
      for (int i = 1; i <= 5; i++) {
        if (mode == Mode.PREWARM) {
          makeSpare(client, server);
        } else {
          CallResult warm = client.call(CallSpec.of("GET", server.url("localhost", "/"), "w"));
          assertThat(warm.status()).as("%s", warm).isEqualTo(200);
        }
        int open = server.ledger().open();
        assertThat(server.goAwayAll(EVENT)).as("GOAWAY read: %s", server.ledger()).isTrue();
        CallResult result =
            client.call(CallSpec.of("POST", server.url("localhost", "/"), "main " + i));
        assertThat(result.status()).as("with %s open: %s", open, result).isEqualTo(200);
        assertThat(server.ledger().arrivals("main " + i)).isEqualTo(1);
      }
    }
  }

  /** Waits for a connection that no request has come on. */
  private static boolean awaitSpare(FaultServer server, Duration atMost) {
    return server
        .ledger()
        .await(atMost, seen -> seen.accepted() > seen.arrivals() && seen.open() > 0);
  }

  /** Makes requests until there is one: after an end in the midst of a handshake comes a pause. */
  private static void makeSpare(ForkedClient.Session client, FaultServer server) {
    boolean made = false;
    for (int i = 0; i < 20 && !made; i++) {
      CallResult result = client.call(CallSpec.of("GET", server.url("localhost", "/"), "making"));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
      made = awaitSpare(server, Duration.ofMillis(500));
    }
    assertThat(made).as("a spare connection: %s", server.ledger()).isTrue();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @EnumSource(value = Protocol.class, names = "H1")
  void withoutTheAgentRandomFaultsLoseReads(Protocol protocol) {
    skipUnlessSpoken(protocol);
    String reason = notUnderRandomFaults();
    if (reason != null) {
      abort(reason);
    }
    RandomFaults faults = RandomFaults.seeded(protocol, false);
    try (FaultServer server = FaultServer.start(protocol, faults);
        ForkedClient.Session client = withoutAgent().open(Map.of())) {
      List<CallResult> results =
          client.burst(
              server.url("localhost", "/"),
              List.of("GET", "POST"),
              "r",
              1_000,
              16,
              Duration.ofMinutes(1));
      assertThat(faults.lostReads(results)).as("%s", faults).isNotEmpty();
    }
  }

  /** With a hundred handshakes at once on few cores, a short connect-timeout would be the fault. */
  private static final String PATIENT = "reuse=never,connect-timeout=30s,read-timeout=30s";

  private static final String HASTY =
      ",connect-timeout=30s,read-timeout=30s,retry.backoff=1ms..5ms,retry.budget=100%+1000/s";

  private static final String PATIENT_ONCE =
      ",connect-timeout=30s,read-timeout=30s,retry.max-attempts=1";

  private static final String SPARE = "reuse=never,prewarm=2,prewarm.max-idle=3s";

  /** Idle connections are kept for longer than a test takes: only looking finds a dead one. */
  private static final String PROBED = "reuse=validated,reuse.max-idle=10s";

  @AfterParameterizedClassInvocation
  void theAgentCountedNoErrorOfItsOwn() {
    List<String> wrong = new ArrayList<>();
    forks.forEach(
        (options, fork) -> {
          fork.close();
          if (options.contains("prewarm=")
              && prewarms() == fork.stderr().contains("prewarm has no effect")) {
            wrong.add("what prewarm does is not said with " + options + ": " + fork.stderr());
          }
          if (options.contains("reuse=validated")
              && Stream.of(Protocol.values()).anyMatch(this::validates)
                  == fork.stderr().contains("reuse=validated is reuse=never there")) {
            wrong.add("what is reused is not said with " + options + ": " + fork.stderr());
          }
          Optional<AgentReport> report = fork.report();
          if (report.isEmpty() && REPORT_REQUIRED && !options.equals(NO_AGENT)) {
            wrong.add("no report with " + options);
          }
          report
              .filter(r -> r.errors() != 0)
              .ifPresent(r -> wrong.add(r.json() + " with " + options + ": " + fork.stderr()));
        });
    forks.clear();
    assertThat(wrong).isEmpty();
  }

  private static final String NO_AGENT = "no agent";

  /** The forked JVM that runs with these options, besides those that all tests share. */
  protected final ForkedClient withAgent(String options) {
    String all =
        options.contains("connect-timeout")
            ? "hosts=localhost," + options
            : TIMEOUTS + "," + options;
    return fork(all, all);
  }

  /** The forked JVM that runs without the agent. */
  protected final ForkedClient withoutAgent() {
    return fork(NO_AGENT, null);
  }

  private ForkedClient fork(String name, @Nullable String options) {
    synchronized (forks) {
      return forks.computeIfAbsent(name, key -> fork(options));
    }
  }

  private ForkedClient fork(@Nullable String options) {
    return warm(ForkedClient.start(jvm(), version(), driverName(), options));
  }

  /**
   * So that no test pays for class loading, which on a busy machine takes longer than a timeout.
   */
  private ForkedClient warm(ForkedClient fork) {
    for (Protocol protocol : Protocol.values()) {
      if (!speaks(protocol)) {
        continue;
      }
      try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
          ForkedClient.Session client = fork.open(Map.of("readTimeout", 20_000))) {
        client.call(CallSpec.of("POST", server.url("localhost", "/"), "warm"));
      }
    }
    return fork;
  }

  private void play(Stage stage) throws Exception {
    if (stage.combination().row().listening()) {
      stage.server().listen();
    }
    stage.combination().row().play(stage);
  }

  private static void assertConnections(Stage stage) {
    Row row = stage.combination().row();
    if (row.leavesPooledOutOfScope()) {
      stage.session().close();
    }
    int attempts = stage.ledger().arrivals() + row.connectionsWithoutRequest();
    switch (stage.combination().mode()) {
      case NEVER ->
          assertThat(stage.ledger().accepted()).as("connections: %s", stage).isEqualTo(attempts);
      case PREWARM ->
          assertThat(stage.ledger().accepted())
              .as("connections: %s", stage)
              .isGreaterThanOrEqualTo(attempts);
      case VALIDATED ->
          assertThat(stage.ledger().accepted())
              .as("connections: %s", stage)
              .isLessThanOrEqualTo(attempts);
    }
    if (stage.combination().mode() == Mode.NEVER) {
      stage.assertNothingLeftOpen();
    }
  }

  private static List<CallResult> burst(
      ForkedClient.Session client, FaultServer server, int count, int concurrency) {
    return client.burst(
        server.url("localhost", "/"), List.of("GET"), "b", count, concurrency, WITH_AGENT);
  }

  private static void assertAllOk(List<CallResult> results) {
    assertThat(results).allMatch(CallResult::ok);
  }

  private static void assertAllClosed(FaultServer server) {
    assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0))
        .as("no connection left open: %s", server.ledger())
        .isTrue();
  }

  private void skipIfNotFor(Combination at) {
    skipUnlessSpoken(at.protocol());
    String reason = at.row().notFor(at);
    if (reason == null) {
      reason = notFor(at);
    }
    if (reason != null) {
      abort(at + " does not apply: " + reason);
    }
  }

  static Stream<Combination> matrix() {
    return cells(Mode.tested());
  }

  private static Stream<Combination> cells(List<Mode> modes) {
    return Stream.of(Row.values())
        .flatMap(
            row ->
                Stream.of(Protocol.values())
                    .flatMap(
                        protocol ->
                            Stream.of("GET", "POST")
                                .flatMap(
                                    method ->
                                        modes.stream()
                                            .map(
                                                mode ->
                                                    new Combination(
                                                        row, protocol, method, mode)))));
  }

  /** The cells in which the stock client is known to do harm. */
  Stream<Combination> harmfulCells() {
    return stockCells().filter(at -> stock(at) != Stock.COPES);
  }

  /** The cells in which the agent must change nothing, so that the row itself can be trusted. */
  Stream<Combination> harmlessCells() {
    return stockCells().filter(at -> stock(at) == Stock.COPES);
  }

  /** On the first JVM only: what the stock client does is the library's doing. */
  private Stream<Combination> stockCells() {
    return TestedJvm.all().get(0).equals(jvm)
        ? cells(List.of(Mode.NEVER))
            .filter(
                at -> speaks(at.protocol()) && at.row().notFor(at) == null && notFor(at) == null)
        : Stream.empty();
  }
}

package dev.freshwire.it.failures;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.failures.SabotagedAgent.Target;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every hook, and every answer that hooks get, made to throw, one at a time: each call of the
 * application ends as it would without the agent or as it would with the agent whole, and no
 * request arrives more often than in either; the failure is counted, and logged once.
 *
 * <p>Hooks that pass on what the client throws cannot be told from the client, so they are not made
 * to throw; the answers that they get are.
 */
@ExtendWith(CompatibilityRows.class)
@ParameterizedClass(name = "{0}")
@MethodSource("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailingHooksIT {
  /** {@code sample}, {@code all}, or what is to throw, separated by commas. */
  private static final String CHOSEN = System.getProperty("freshwire.test.failures", "sample");

  private static final boolean ALL = CHOSEN.equals("all");

  private static final boolean SAMPLE = CHOSEN.equals("sample");

  /** Not read yet when the client hands the response on, and the hooks are done. */
  private static final Fault LARGE = Faults.answer(Map.of(), "large ".repeat(100_000));

  /** In the ordinary build only: each of them has broken something once. */
  private static final Map<String, Set<String>> HAVE_BROKEN =
      Map.of(
          "okhttp 5.5.1",
              Set.of(
                  "RequestHeadersAdvice.sending",
                  "CallServerInterceptorAdvice.carries",
                  "PolicyCall.afterFailure"),
          "okhttp 3.12.13", Set.of("PolicyEnforcer.connectionOpened"));

  /**
   * Nobody calls these here: cancelling, a server that hangs up unasked, a client made from
   * another, what only other versions have, what is asked about connections that are made outside
   * of a call, or changed. Of HttpClient 5 those of the clients that speak HTTP/2 only, or share
   * its connections; of CIO the one that is asked where the application lets requests share them.
   * {@code with} is for {@link FailingReloadIT}; no hook asks {@code abandon}, which is for a
   * detach.
   */
  private static final Set<String> UNREACHED =
      Set.of(
          "CancelAdvice.cancelled",
          "ExchangeAdvice.terminated",
          "ChosenTimeoutAdvice.copied",
          "MultiExchangeAdvice.cancelled",
          "HttpClientAdvice.cancelled",
          "ConnectTimeoutAdvice.value",
          "ConnectTimeoutAdvice.fourth",
          "ConnectTimeoutAdvice.fifth",
          "DispatchAdvice.created",
          "DispatchAdvice.unwanted",
          "H2CloseAdvice.closed",
          "H2PoolAdvice.fresh",
          "H2RuntimeAdvice.discard",
          "H2RuntimeAdvice.leased",
          "H2RuntimeAdvice.leasing",
          "H2RuntimeAdvice.release",
          "H2SharingAdvice.alone",
          "TasksAdvice.dedicated",
          "MultiExchangeAdvice.once",
          "MultiExchangeAdvice.replaying",
          "PolicyCall.enforced",
          "PolicyEnforcer.abandon",
          "PolicyEnforcer.cappedConnectTimeout",
          "PolicyEnforcer.connectionReused",
          "PolicyEnforcer.distrust",
          "PolicyEnforcer.makesNoSpares",
          "PolicyEnforcer.persistable",
          "PolicyEnforcer.with");

  /** Asked only where connections are kept. */
  private static final Set<String> OF_KEPT =
      Set.of(
          "HttpClientAdvice.idle",
          "HttpsClientAdvice.idle",
          "KeepAliveCacheAdvice.look",
          "PolicyEnforcer.fit",
          "PolicyEnforcer.knows");

  /** Asked only where there are spare connections, or what becomes of them depends on it. */
  private static final Set<String> OF_SPARES =
      Set.of(
          "CallServerInterceptorAdvice.carries",
          "ConnectionPoolAdvice.found",
          "ConnectionPoolAdvice.instead",
          "Http2ClientAdvice.spare",
          "Http2ClientAdvice.spared",
          "HttpConnectionAdvice.looking",
          "HttpConnectionAdvice.made",
          "KeepAliveCacheAdvice.found",
          "KeepAliveCacheAdvice.spare",
          "PoolAdvice.look",
          "PolicyEnforcer.prewarms",
          "PolicyEnforcer.spare",
          "PolicyEnforcer.spareGone",
          "RealConnectionAdvice.spare");

  /** What such a hook is for is another thing where connections are kept. */
  private static final Set<String> KEEPING =
      Set.of(
          "close-after-use",
          "end-of-tls",
          "idle",
          "leased-at-end",
          "opened",
          "reuse",
          "reused",
          "unprocessed",
          "validate");

  /** And such an answer. */
  private static final Set<String> OF_KEEPING =
      Set.of(
          "PolicyCall.mayReuse",
          "PolicyEnforcer.connectionIdle",
          "PolicyEnforcer.connectionOpened",
          "PolicyEnforcer.reuse");

  /** Clients with a thread that sees the end of an idle connection, some time or other. */
  private static final Set<String> NOTICING =
      Set.of("java.net.http of the JVM", "apacheasync4 4.1.5", "apache5 5.6.5, asynchronous");

  private static final String OPTIONS =
      "hosts=localhost,connect-timeout=10s,read-timeout=10s,retry.backoff=1ms..2ms,report=";

  private static final Set<Target> reached = ConcurrentHashMap.newKeySet();
  private static final Set<Target> tried = ConcurrentHashMap.newKeySet();

  /** How a call ended, as its caller sees it, and how often it arrived. */
  private record Outcome(String end, int arrivals) {}

  @Parameter(0)
  private @Nullable TestedClient client;

  private @Nullable Path directory;

  private @Nullable Map<String, Outcome> stock;
  private @Nullable Map<String, Outcome> whole;

  static List<TestedClient> clients() {
    List<TestedClient> each = TestedClient.oneOfEach();
    return each.stream()
        .filter(client -> !SAMPLE || HAVE_BROKEN.containsKey(client.toString()))
        .toList();
  }

  /** How the agent is told to treat connections. */
  enum Mode {
    NEVER(""),
    VALIDATED("reuse=validated,"),
    PREWARM("prewarm=2,");

    private final String option;

    Mode(String option) {
      this.option = option;
    }

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Stream<Arguments> targets() {
    return Stream.of(
            SabotagedAgent.hooks(client().version().name()).stream().filter(Target::guarded),
            SabotagedAgent.answers("PolicyCall").stream(),
            SabotagedAgent.answers("PolicyEnforcer").stream()
                .filter(target -> !target.method().equals("policy")))
        .flatMap(part -> part)
        .filter(target -> ALL || chosen().contains(target.toString()))
        .flatMap(target -> modes(target).map(mode -> Arguments.of(target, mode)));
  }

  private Set<String> chosen() {
    return SAMPLE
        ? Objects.requireNonNull(HAVE_BROKEN.get(client().toString()))
        : Set.of(CHOSEN.split(",", -1));
  }

  private static Stream<Mode> modes(Target target) {
    if (OF_KEPT.contains(target.toString())) {
      return Stream.of(Mode.VALIDATED);
    }
    if (OF_SPARES.contains(target.toString())) {
      return Stream.of(Mode.PREWARM);
    }
    return KEEPING.contains(target.purpose()) || OF_KEEPING.contains(target.toString())
        ? Stream.of(Mode.NEVER, Mode.VALIDATED)
        : Stream.of(Mode.NEVER);
  }

  @Execution(ExecutionMode.CONCURRENT)
  // Not every client has each of them that was named.
  @ParameterizedTest(name = "{0}, {1}", allowZeroInvocations = true)
  @MethodSource("targets")
  void theApplicationSeesNothingOfIt(Target target, Mode mode) throws IOException {
    Path directory = Files.createTempDirectory(directory(), "run");
    Path jar = SabotagedAgent.write(target, directory);
    Path report = directory.resolve("report.json");
    ForkedClient fork = start("-javaagent:" + jar + "=" + mode.option + OPTIONS + report);
    Map<String, Outcome> seen = play(fork);
    if (mode != Mode.NEVER) {
      seen.putAll(playInTurn(fork));
    }
    fork.close();
    Files.delete(jar);
    AgentReport written = AgentReport.read(report).orElseThrow();

    tried.add(target);
    if (written.errors() > 0) {
      reached.add(target);
      assertThat(fork.stderr().lines().filter(line -> line.contains(" failed and is passed over")))
          .as(fork.stderr())
          .isNotEmpty()
          // Of two hooks that ask for the same each says so.
          .doesNotHaveDuplicates();
    }
    assertThat(fork.stderr()).doesNotContain(SabotagedAgent.SABOTAGE);
    List<String> wrong = new ArrayList<>();
    seen.forEach(
        (call, outcome) -> {
          Outcome without = Objects.requireNonNull(stock().get(call));
          Outcome with = Objects.requireNonNull(whole().get(call));
          boolean known = outcome.end().equals(without.end()) || outcome.end().equals(with.end());
          boolean often = outcome.arrivals() > Math.max(without.arrivals(), with.arrivals());
          if (!known || often) {
            wrong.add(call + ": " + outcome + ", without " + without + ", with " + with);
          }
        });
    assertThat(wrong).as("%s errors, %s", written.errors(), fork.stderr()).isEmpty();
  }

  /** The instance is one for all clients. */
  @AfterParameterizedClassInvocation
  void forgetTheClient() {
    stock = null;
    whole = null;
  }

  @AfterAll
  static void everyHookWasReached() {
    if (!ALL && !SAMPLE) {
      assertThat(tried.stream().map(Target::toString))
          .as("-Dfreshwire.test.failures=%s", CHOSEN)
          .contains(CHOSEN.split(",", -1));
    }
    Set<String> unreached = new TreeSet<>();
    tried.stream()
        .filter(target -> !reached.contains(target))
        .map(Target::toString)
        .filter(target -> !UNREACHED.contains(target))
        .forEach(unreached::add);
    assertThat(unreached).as("sabotaged, and never called").isEmpty();
  }

  private Map<String, Outcome> play(ForkedClient fork) {
    Map<String, Outcome> seen = new LinkedHashMap<>();
    for (Protocol protocol : client().protocols()) {
      for (String method : List.of("GET", "POST")) {
        String name = protocol + " " + method + " ";
        seen.put(name + "answered", one(fork, protocol, method, Script.always(answer())));
        seen.put(
            name + "unavailable once",
            one(fork, protocol, method, Script.inTurn(Faults.reject(503, Map.of()), answer())));
        // On HTTP/2 it is by chance whether the stock clients notice in time to replay.
        if (protocol != Protocol.TLS_H2) {
          seen.put(
              name + "reset once",
              one(fork, protocol, method, Script.inTurn(Faults.reset(), answer())));
          seen.put(
              name + "after a pause",
              second(
                  fork,
                  protocol,
                  method,
                  Script.always(answer())
                      .onPath("/warm", Faults.finishWhenIdle(Duration.ofMillis(50)))));
        } else {
          seen.put(
              name + "refused stream",
              one(fork, protocol, method, Script.inTurn(Faults.refuseStream(), answer())));
          seen.put(
              name + "go away",
              one(fork, protocol, method, Script.inTurn(Faults.goAwayBelow(), answer())));
          seen.put(name + "reused", second(fork, protocol, method, Script.always(answer())));
        }
      }
    }
    if (client().version().name().equals("apache5")) {
      seen.put("GET on the only connection", single(fork));
    }
    try (FaultServer closed = FaultServer.reserve(Protocol.H1, Script.always(answer()));
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(CallSpec.of("GET", closed.url("localhost", "/"), "r"));
      seen.put("GET refused", new Outcome(end(result), 0));
    }
    return seen;
  }

  /** As many requests as it takes for spare connections to be made, and used. */
  private Map<String, Outcome> playInTurn(ForkedClient fork) {
    Map<String, Outcome> seen = new LinkedHashMap<>();
    for (Protocol protocol : client().protocols()) {
      for (String method : List.of("GET", "POST")) {
        try (FaultServer server = FaultServer.start(protocol, Script.always(LARGE));
            ForkedClient.Session session = fork.open(Map.of())) {
          List<String> ends = new ArrayList<>();
          for (int i = 0; i < 6; i++) {
            ends.add(end(session.call(CallSpec.of(method, server.url("localhost", "/"), "r" + i))));
            // There is none where what makes it is broken.
            server
                .ledger()
                .await(Duration.ofMillis(100), ledger -> ledger.accepted() > ledger.arrivals());
          }
          seen.put(
              protocol + " " + method + " in turn",
              new Outcome(String.join(" ", ends), server.ledger().arrivals()));
        }
      }
    }
    return seen;
  }

  private static Outcome one(ForkedClient fork, Protocol protocol, String method, Script script) {
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session session = fork.open(Map.of("readTimeout", 15_000))) {
      CallResult result = session.call(CallSpec.of(method, server.url("localhost", "/"), "r"));
      return new Outcome(end(result), server.ledger().arrivals("r"));
    }
  }

  /** With a connection manager that has one connection, and nothing that is broken. */
  private static Outcome single(ForkedClient fork) {
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(answer()));
        ForkedClient.Session session = fork.open(Map.of("variant", "SINGLE_CONNECTION"))) {
      session.call(CallSpec.of("GET", server.url("localhost", "/"), "w"));
      CallResult result = session.call(CallSpec.of("GET", server.url("localhost", "/"), "r"));
      return new Outcome(end(result), server.ledger().arrivals("r"));
    }
  }

  private Outcome second(ForkedClient fork, Protocol protocol, String method, Script script) {
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session session = fork.open(Map.of())) {
      session.call(CallSpec.of("GET", server.url("localhost", "/warm"), "w"));
      // Where nothing is broken after the first answer there is nothing to wait for.
      boolean ended =
          server.ledger().await(Duration.ofMillis(200), ledger -> ledger.idleFaults() > 0);
      if (ended && NOTICING.contains(client().toString())) {
        // It notices by itself; what becomes of a request that comes before that is by chance.
        server.ledger().await(Duration.ofSeconds(5), ledger -> ledger.open() == 0);
      }
      CallResult result = session.call(CallSpec.of(method, server.url("localhost", "/"), "r"));
      return new Outcome(end(result), server.ledger().arrivals("r"));
    }
  }

  /** A status, or that it failed in a way that the client itself may fail. */
  private static String end(CallResult result) {
    CallResult.Failure failure = result.failure();
    if (failure == null) {
      return result.pending() ? "pending" : Integer.toString(result.status());
    }
    assertThat(failure.toString()).doesNotContain(SabotagedAgent.SABOTAGE);
    return "failed";
  }

  private ForkedClient start(String... options) {
    return client().start(TestedJvm.all().get(0), null, options);
  }

  private synchronized Map<String, Outcome> stock() {
    if (stock == null) {
      try (ForkedClient fork = start()) {
        stock = play(fork);
        stock.putAll(playInTurn(fork));
      }
    }
    return stock;
  }

  private synchronized Map<String, Outcome> whole() {
    if (whole == null) {
      try (ForkedClient fork =
          start(
              "-javaagent:"
                  + PackagedAgent.jar()
                  + "="
                  + OPTIONS
                  + directory().resolve("whole.json"))) {
        whole = play(fork);
        whole.putAll(playInTurn(fork));
      }
    }
    return whole;
  }

  private TestedClient client() {
    return Objects.requireNonNull(client);
  }

  private synchronized Path directory() {
    if (directory == null) {
      try {
        directory = Files.createTempDirectory("freshwire-sabotaged");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return directory;
  }
}

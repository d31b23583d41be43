package dev.freshwire.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.Ledger;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Chaos for the time that {@code freshwire.test.soak} says in minutes, the clients side by side: no
 * write is applied twice, nothing is lost that could be saved, nothing grows. The policy file
 * changes all the while, from one mode to the next. {@code freshwire.test.seed} repeats a run's
 * faults, {@code freshwire.test.soak.rate} bounds the requests of all that begin in a second.
 */
@EnabledIfSystemProperty(
    named = "freshwire.test.soak",
    matches = "[0-9]+",
    disabledReason = "runs with integration-tests/soak, for minutes or hours")
class SoakIT {
  private static final long MINUTES = Long.getLong("freshwire.test.soak", 1);
  private static final long SEED = Long.getLong("freshwire.test.seed", System.nanoTime());
  private static final long RATE = Long.getLong("freshwire.test.soak.rate", 1_000);

  /** Part of the name of a client; none: all of them. */
  private static final String CHOSEN = System.getProperty("freshwire.test.soak.client", "");

  /** What a client has of it. */
  private static final long EACH = Math.max(1, RATE / clients().size());

  private static final int BURST = 300;
  private static final int SMALL_BURST = 40;
  private static final int CONCURRENCY = 16;

  /** At the rate that is given, and what faults and a busy machine may add to that. */
  private static final Duration BURST_AT_MOST = Duration.ofMinutes(3).plusSeconds(BURST / EACH);

  /** The same where the agent does nothing; what has not ended by then is interrupted. */
  private static final Duration STOCK_AT_MOST = Duration.ofMinutes(2).plusSeconds(BURST / EACH);

  private static final Duration LEFT_OPEN_AT_MOST = Duration.ofSeconds(60);

  /** Where nobody closes them, which only is told: java.net.http of 17 keeps them for minutes. */
  private static final Duration LEFT_OPEN_AT_WILL = Duration.ofSeconds(5);

  /** Of all modes twice, however slow the machine is: halves are compared. */
  private static final int ROUNDS = 2 * Mode.values().length;

  /** What the smaller burst of a round asks for. */
  private static final List<Map<String, ?>> KINDS =
      List.of(
          Map.of("async", true),
          Map.of("bodySize", 100_000),
          Map.of("consume", "ABANDON"),
          Map.of("consume", "CLOSE"));

  private static final Map<String, Figures> finished = new ConcurrentSkipListMap<>();

  @TempDir private Path directory;

  static List<TestedClient> clients() {
    return TestedClient.oneOfEach().stream()
        .filter(client -> client.toString().contains(CHOSEN))
        .toList();
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void nothing_is_doubled_lost_or_left(TestedClient client) {
    System.out.println("soak of " + client + ": -Dfreshwire.test.seed=" + SEED);
    Path policy = directory.resolve("policy.properties");
    replace(policy, Mode.NEVER.policy());
    Map<Protocol, Chaos> servers = new EnumMap<>(Protocol.class);
    boolean givesUp = client.toString().startsWith("java.net.http");
    client
        .protocols()
        .forEach(protocol -> servers.put(protocol, new Chaos(SEED, protocol, givesUp)));
    Figures figures = new Figures();
    ForkedClient fork =
        client.start(TestedJvm.all().get(0), "config.interval=50ms,config=" + policy);
    // The first file has been read.
    assertThat(fork.awaitStderr("INFO freshwire - ", 1, Duration.ofSeconds(20))).isTrue();
    long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos();
    for (int round = 0; round < ROUNDS || System.nanoTime() < end; round++) {
      Mode mode = Mode.values()[round % Mode.values().length];
      // The turn's number makes a change of every file.
      replace(policy, mode.policy() + "# " + round + "\n");
      assertThat(fork.awaitStderr(" reloaded: ", round + 1, Duration.ofSeconds(60)))
          .as("%s, turn %s: %s", mode, round, fork.stderr())
          .isTrue();
      // From here on the last good one holds.
      replace(policy, mode.brokenPolicy());
      for (Chaos chaos : servers.values()) {
        chaos.mode(mode);
        play(fork, mode, chaos, round, figures);
      }
      // What is still open has been told, or is wrong.
      int open = servers.values().stream().mapToInt(chaos -> chaos.server().ledger().open()).sum();
      figures.vitals.add(Figures.Vitals.of(fork.vitals(), open));
    }
    fork.close();
    servers.values().forEach(Chaos::close);
    System.out.println(client + ": " + figures);
    System.out.println("  early: " + figures.early() + "\n  late:  " + figures.late());
    servers.values().forEach(chaos -> System.out.println("  " + chaos));
    fork.stderr()
        .lines()
        .filter(line -> !line.contains("reloaded"))
        .limit(100)
        .forEach(System.out::println);
    figures.wrong().forEach(System.out::println);
    finished.put(client.toString(), figures);

    assertThat(figures.wrong()).as("seed %s", SEED).isEmpty();
    assertThat(figures.issued).isPositive();
    assertThat(figures.succeeded).isGreaterThan(figures.issued / 2);
    assertThat(figures.raced).isLessThan(figures.issued / 20);
    assertThat(figures.marked).as("requests marked as tried again").isPositive();
    assertThat(fork.report().orElseThrow().errors()).as(fork.stderr()).isZero();
    assertThat(fork.stderr()).contains("not reloaded, what held so far still does");
    Figures.Vitals early = figures.early();
    Figures.Vitals late = figures.late();
    assertThat(late.descriptors()).as("descriptors").isLessThanOrEqualTo(early.descriptors() + 8);
    // Pools of OkHttp's and Kotlin's keep a thread for a minute: a short run sees them come and go.
    int atWill = MINUTES < 30 || client.version().name().equals("ktorcio") ? 32 : 8;
    assertThat(late.threads()).as("threads").isLessThanOrEqualTo(early.threads() + atWill);
    assertThat(late.heap()).as("heap").isLessThanOrEqualTo(early.heap() + 4_000_000);
    assertThat(late.metaspace()).as("metaspace").isLessThanOrEqualTo(early.metaspace() + 3_000_000);
  }

  private static void play(ForkedClient fork, Mode mode, Chaos chaos, int round, Figures figures) {
    String prefix = chaos.server().protocol().name() + round + "-";
    String url = chaos.server().url("localhost", "/");
    List<String> methods = List.of("GET", "POST");
    Map<String, Object> kind = new HashMap<>(KINDS.get(round % KINDS.size()));
    Map<String, Object> pace = new HashMap<>(Map.of("perSecond", EACH));
    if (!mode.enforces()) {
      // By itself HttpAsyncClient 4 has requests that never end, as LeasedAtItsEndIT shows.
      pace.put("interruptAfter", STOCK_AT_MOST.toMillis());
    }
    kind.putAll(pace);
    Ledger ledger = chaos.server().ledger();
    int before = ledger.accepted();
    // Alone, a client might wait for ever.
    Map<String, ?> settings = mode.enforces() ? Map.of() : Map.of("readTimeout", 30_000);
    try (ForkedClient.Session session = fork.open(settings)) {
      chaos.account(
          prefix,
          session.burst(url, methods, prefix, BURST, CONCURRENCY, BURST_AT_MOST, pace),
          figures);
      chaos.account(
          prefix + "x",
          session.burst(url, methods, prefix + "x", SMALL_BURST, CONCURRENCY, BURST_AT_MOST, kind),
          figures);
      for (String method : methods) {
        cancel(session, chaos, method, Chaos.UNANSWERED + prefix + method, figures);
      }
    }
    boolean ours = mode.enforces() && (mode.fresh() || !chaos.clientLeavesOpen());
    Duration patience = ours ? LEFT_OPEN_AT_MOST : LEFT_OPEN_AT_WILL;
    if (!ledger.await(patience, now -> now.openAfter(before) == 0)) {
      String left = mode + ", " + prefix + ": connections left open: " + chaos.leftAfter(before);
      if (ours) {
        figures.wrong(left);
      } else {
        // Nothing of the agent holds them.
        System.out.println("  " + left);
      }
    }
    if (mode.enforces()) {
      for (String method : methods) {
        int arrivals = ledger.arrivals(Chaos.UNANSWERED + prefix + method);
        if (arrivals > 1) {
          figures.wrong(mode + ", cancelled and sent again: " + prefix + method);
        }
      }
    }
  }

  /** A call that is under way when its application gives it up. */
  private static void cancel(
      ForkedClient.Session session, Chaos chaos, String method, String id, Figures figures) {
    ForkedClient.Running running =
        session.start(CallSpec.of(method, chaos.server().url("localhost", "/"), id));
    boolean arrived =
        chaos.server().ledger().await(Duration.ofSeconds(6), ledger -> ledger.arrivals(id) > 0);
    running.cancel();
    CallResult result = running.await(Duration.ofSeconds(25));
    figures.cancelled++;
    if (!result.failed() || result.pending()) {
      figures.wrong("cancelled (it had arrived: " + arrived + "), and " + result + ": " + id);
    }
  }

  @AfterAll
  static void write() {
    String document = System.getProperty("freshwire.test.soak.figures", "");
    if (!document.isEmpty()) {
      CompatibilityRows.write(
          Path.of(document),
          "SoakIT",
          CompatibilityRows.today()
              + ", seed "
              + SEED
              + ", Java "
              + TestedJvm.all().get(0).version()
              + ".\n\n"
              + Figures.table(finished));
    }
  }

  private static void replace(Path file, String content) {
    try {
      Path next = file.resolveSibling("next");
      Files.writeString(next, content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

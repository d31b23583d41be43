package dev.freshwire.it.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Ledger;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ForkedClient;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where one row is played: a server of its own and a client object of its own. */
public final class Stage implements AutoCloseable {
  /** The id of the call that the row is about. */
  static final String MAIN = "main";

  private static final Duration EVENT = Duration.ofSeconds(10);

  /** How long a client has to make a spare connection. */
  private static final Duration SPARE = Duration.ofMillis(500);

  /**
   * HttpURLConnection has no way to close its pool: what a host out of scope leaves there goes when
   * the JDK's cleaner finds it 5 s old, and the cleaner looks every 5 s.
   */
  private static final Duration POOL_CLEANED = Duration.ofSeconds(20);

  private final Combination combination;
  private final ForkedClient fork;
  private final Duration patience;
  private final FaultServer server;
  private final Map<String, Object> settings = new LinkedHashMap<>();
  private final Deque<Closeable> closing = new ArrayDeque<>();
  private int port;
  private ForkedClient.@Nullable Session session;
  private @Nullable CallResult result;
  private Duration elapsed = Duration.ZERO;
  private @Nullable String closeFailure;

  /**
   * @param patience how long a call may take before the stage gives it up and cancels it
   */
  Stage(Combination combination, ForkedClient fork, Duration patience) {
    this.combination = combination;
    this.fork = fork;
    this.patience = patience;
    this.server =
        FaultServer.reserve(
            combination.protocol(),
            exchange -> combination.row().script(combination).faultFor(exchange));
    this.port = server.port();
  }

  /** Of a stock client: what closing it may fail with by its own fault; null: with nothing. */
  Stage mayFailToClose(@Nullable String failure) {
    closeFailure = failure;
    return this;
  }

  FaultServer server() {
    return server;
  }

  Ledger ledger() {
    return server.ledger();
  }

  Combination combination() {
    return combination;
  }

  /** What became of the call that the row is about. */
  CallResult result() {
    return Objects.requireNonNull(result, "the row made no call");
  }

  /** How long that took. */
  Duration elapsed() {
    return elapsed;
  }

  /** Configures the client; only before the first call. */
  void setting(String key, Object value) {
    settings.put(key, value);
  }

  /** Something to close at the end. */
  <T extends Closeable> T closing(T resource) {
    closing.push(resource);
    return resource;
  }

  /** Calls go to this port of localhost instead of the server's. */
  void target(int otherPort) {
    port = otherPort;
  }

  ForkedClient.Session session() {
    if (session == null) {
      session = fork.open(settings);
    }
    return session;
  }

  String url(String path) {
    return combination.protocol().scheme() + "://localhost:" + port + path;
  }

  CallSpec main() {
    return CallSpec.of(combination.method(), url("/main"), MAIN);
  }

  CallSpec oneShotMain() {
    return main().body(Call.Body.ONE_SHOT, 16);
  }

  /**
   * A first request on a path of its own, so that the client has a connection to reuse; with spare
   * connections as many as it takes for one of them to be there.
   */
  void warmUp() {
    boolean prewarms = combination.mode() == Mode.PREWARM;
    for (int i = 0; i < (prewarms ? 3 : 1); i++) {
      CallResult warm = session().call(CallSpec.of("GET", url("/warm"), "warm " + i));
      assertThat(warm.status()).as("warm-up: %s", warm).isEqualTo(200);
    }
    if (prewarms) {
      // A client that makes none has none.
      ledger().await(SPARE, seen -> seen.accepted() > seen.arrivals());
    }
  }

  /** Waits until the fault that follows the warm-up's response has been done. */
  void awaitIdleFault() {
    assertThat(ledger().await(EVENT, seen -> seen.idleFaults() > 0)).as("idle fault").isTrue();
  }

  /** Makes the call that the row is about. */
  void call(CallSpec spec) {
    long start = System.nanoTime();
    ForkedClient.Running running = session().start(spec);
    finish(running, start);
  }

  /** Waits for the end of the call that the row is about, started at the given nano time. */
  void finish(ForkedClient.Running running, long start) {
    result = running.await(patience);
    elapsed = Duration.ofNanos(System.nanoTime() - start);
    if (result.pending()) {
      running.cancel();
    }
  }

  void result(CallResult seen) {
    result = seen;
  }

  void assertNothingLeftOpen() {
    Duration atMost = combination.row().leavesPooledOutOfScope() ? POOL_CLEANED : EVENT;
    assertThat(ledger().await(atMost, seen -> seen.open() == 0))
        .as("no connection left open: %s", ledger())
        .isTrue();
  }

  @Override
  public void close() throws IOException {
    closeClient();
    server.close();
    for (Closeable resource : closing) {
      resource.close();
    }
  }

  private void closeClient() {
    if (session == null) {
      return;
    }
    try {
      session.close();
    } catch (IllegalStateException e) {
      if (closeFailure == null || !String.valueOf(e.getMessage()).contains(closeFailure)) {
        throw e;
      }
      System.out.println(combination + ": the stock client by itself: " + e.getMessage());
    }
  }

  @Override
  public String toString() {
    return combination
        + ", "
        + fork
        + ": "
        + result
        + " after "
        + elapsed.toMillis()
        + " ms; "
        + ledger();
  }
}

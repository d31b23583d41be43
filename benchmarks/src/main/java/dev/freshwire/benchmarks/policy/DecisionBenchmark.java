package dev.freshwire.benchmarks.policy;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.enforcement.PolicyEnforcer;
import dev.freshwire.policy.HostPattern;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.RetryBudget;
import dev.freshwire.policy.RetryVerdict;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.Events;
import dev.freshwire.telemetry.OriginCounters;
import dev.freshwire.telemetry.Telemetry;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** What rewritten code waits for when it asks. With {@code -t 2} the threads share one origin. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class DecisionBenchmark {
  private static final String HOST = "abcdefghijklmnopqrst.supabase.co";
  private static final int PORT = 443;

  /** How many host patterns were configured; the last one matches. */
  @Param({"1", "100", "10000"})
  public int patterns;

  private final Settings settings = Settings.defaults();
  private final RetryBudget budget = new RetryBudget(System.nanoTime());
  private final OriginCounters counters = new Telemetry().of(HOST, PORT);

  @Setup
  public void install() {
    List<HostPattern> hosts = new ArrayList<>();
    for (int i = 1; i < patterns; i++) {
      add(hosts, "*.tenant-" + i + ".example.org");
    }
    add(hosts, "*.supabase.co");
    Enforcer.install(
        new PolicyEnforcer(Policy.builder().hosts(hosts).build(), new Telemetry(), new NoEvents()));
  }

  private static void add(List<HostPattern> hosts, String text) {
    HostPattern pattern = HostPattern.of(text);
    if (pattern == null) {
      throw new IllegalStateException(text);
    }
    hosts.add(pattern);
  }

  /** The question for each attempt: may this connection serve another request? */
  @Benchmark
  public boolean mayReuse() {
    return Enforcer.mayReuse(HOST, PORT);
  }

  /** The same for a host that no pattern means. */
  @Benchmark
  public boolean outOfScope() {
    return Enforcer.mayReuse("api.elsewhere.example", PORT);
  }

  /** All that is asked and counted for a request that succeeds. */
  @Benchmark
  public @Nullable Call wholeRequest() {
    Call call =
        Enforcer.call(
            "GET", HOST, PORT, "https://abcdefghijklmnopqrst.supabase.co/rest/v1/t", false, false);
    Enforcer.mayReuse(HOST, PORT);
    Enforcer.connectTimeout(HOST, PORT, 10_000);
    Enforcer.opened(HOST, PORT);
    return call;
  }

  /** A request's share in the budget of its origin, all cores at once. */
  @Benchmark
  public boolean budget() {
    budget.onRequest(settings);
    return budget.tryAcquire(settings, System.nanoTime());
  }

  /** One count. */
  @Benchmark
  public void counter() {
    counters.add(Counter.REQUESTS);
  }

  private static final class NoEvents implements Events {
    @Override
    public void connectionOpened(String host, int port) {}

    @Override
    public void retryDecided(
        String host,
        int port,
        String method,
        int attempt,
        RetryVerdict verdict,
        long delayMillis,
        boolean acted) {}

    @Override
    public void timeoutApplied(
        String host, int port, String kind, long before, long millis, boolean acted) {}
  }
}

package dev.freshwire.benchmarks.calls;

import com.sun.management.OperatingSystemMXBean;
import dev.freshwire.benchmarks.clients.Caller;
import dev.freshwire.benchmarks.clients.Library;
import dev.freshwire.benchmarks.server.ServerProcess;
import dev.freshwire.benchmarks.server.Service;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One call to a server in a process of its own. Concurrency is JMH's number of threads ({@code
 * -t}).
 */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class CallBenchmark {

  /** The server and the client, shared by all threads of a trial. */
  @State(Scope.Benchmark)
  public static class Trial {

    /** {@link Variant#label()}; {@code Main} starts a JVM that fits it. */
    @Param({"pooled", "fresh-by-hand", "agent-never", "agent-out-of-scope"})
    public String variant;

    /** Of {@link Library}: only okhttp, okhttp4, java.net.http and apache5-async speak HTTP/2. */
    @Param({"okhttp"})
    public String client;

    /** Of {@link Service.Protocol}. */
    @Param({"plain", "tls"})
    public String protocol;

    /** Of {@link Service.Key}. */
    @Param({"ecdsa"})
    public String key;

    /** Round trip in milliseconds. */
    @Param({"0", "10"})
    public int rtt;

    /** {@code select-} and a number of bytes to get, or {@code insert-} and a number to post. */
    @Param({"select-1024"})
    public String payload;

    /**
     * Milliseconds between two calls of a thread, outside what is measured: without any the machine
     * does all that it can, with some it bears a load.
     */
    @Param({"0"})
    public int pause;

    /** At most so many seconds of calls to a neighbour before those to a distant server. */
    @Param({"20"})
    public int practice;

    /**
     * Calls before the first iteration of a distant server. A second of calls that take 30 ms each
     * is too few to have their code compiled: the cost of a cold one would be taken for the
     * agent's.
     */
    private static final int CALLS_UNTIL_WARM = 3_000;

    private static final int PRACTISING = 8;

    ServerProcess server;
    Caller caller;
    long expected;
    private long unanswered;
    private boolean told;

    @Setup
    public void start() throws Exception {
      Variant kind = Variant.of(variant);
      kind.requireIn(ManagementFactory.getRuntimeMXBean().getInputArguments());
      int bytes = Integer.parseInt(payload.substring(payload.indexOf('-') + 1));
      boolean selects = payload.startsWith("select-");
      expected = selects ? bytes : 0;
      if (rtt > 0) {
        try (ServerProcess near = ServerProcess.start(Service.of(protocol, key, 0))) {
          practise(open(near, selects ? -1 : bytes, kind));
        }
      }
      server = ServerProcess.start(Service.of(protocol, key, rtt));
      caller = open(server, selects ? -1 : bytes, kind);
    }

    /** Side by side, since a fresh TLS connection of OkHttp's takes 40 ms when made by hand. */
    private void practise(Caller caller) throws Exception {
      long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(practice);
      ExecutorService threads = Executors.newFixedThreadPool(PRACTISING);
      try {
        Callable<@Nullable Void> share =
            () -> {
              for (int i = 0;
                  i < CALLS_UNTIL_WARM / PRACTISING && System.nanoTime() - end < 0;
                  i++) {
                caller.call();
              }
              return null;
            };
        for (Future<@Nullable Void> done :
            threads.invokeAll(Collections.nCopies(PRACTISING, share))) {
          done.get();
        }
      } finally {
        threads.shutdown();
      }
    }

    /** What is new since the last time, in the books of the whole trial. */
    private ServerProcess.Counts take() throws IOException {
      ServerProcess.Counts news = server.newCounts();
      unanswered += news.connections() - news.requests();
      return news;
    }

    private void begin() throws IOException {
      take();
      told = false;
    }

    /** How many connections had no request yet when the load paused; once for each iteration. */
    private long unused() {
      long unused = told ? 0 : Math.max(0, unanswered);
      told = true;
      return unused;
    }

    private Caller open(ServerProcess target, int posted, Variant kind) throws Exception {
      return Library.of(client)
          .open(
              new Caller.Errand(target.url() + "/" + expected, posted),
              target,
              kind == Variant.FRESH_BY_HAND);
    }
  }

  /**
   * What the server saw, and what it cost both sides. All counts are of one place and time: JMH
   * also calls the benchmark while its threads wait for each other, and does not count those calls.
   */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Counters {
    public long requests;
    public long connections;
    public long serverCpuMicros;
    public long clientCpuMicros;
    public long errors;
    public long unused;

    /** What was opened between two iterations belongs to none of them. */
    @Setup(Level.Iteration)
    public void begin(Trial trial) throws IOException {
      synchronized (trial) {
        trial.begin();
        CLIENT_CPU.takeMicros();
      }
    }

    /** The first thread to end takes what has been counted so far, the next ones the rest. */
    @TearDown(Level.Iteration)
    public void end(Trial trial) throws IOException {
      synchronized (trial) {
        ServerProcess.Counts counts = trial.take();
        requests = counts.requests();
        connections = counts.connections();
        unused = trial.unused();
        serverCpuMicros = counts.cpuMicros();
        clientCpuMicros = CLIENT_CPU.takeMicros();
      }
    }
  }

  /** The pause. */
  @State(Scope.Thread)
  public static class Pace {
    /** Milliseconds beside the network, as JMH asks of what is done before each call. */
    @Setup(Level.Invocation)
    public void pause(Trial trial) throws InterruptedException {
      if (trial.pause > 0) {
        Thread.sleep(trial.pause);
      }
    }
  }

  private static final CpuClock CLIENT_CPU = new CpuClock();

  /** CPU time of this process since it was last asked, so that the answers to threads add up. */
  private static final class CpuClock {
    private final OperatingSystemMXBean system =
        ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    private long taken;

    synchronized long takeMicros() {
      long total = system.getProcessCpuTime() / 1000;
      long news = total - taken;
      taken = total;
      return news;
    }
  }

  /** A failed call is counted, and whoever reads the figures must not take them for speed. */
  @Benchmark
  public long call(Trial trial, Counters counters, Pace pace) {
    try {
      long length = trial.caller.call();
      if (length != trial.expected) {
        throw new IOException("Answered with " + length + " bytes");
      }
      return length;
    } catch (IOException e) {
      if (counters.errors++ == 0) {
        System.err.println(e);
      }
      return -1;
    }
  }
}

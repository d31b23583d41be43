package dev.freshwire.benchmarks;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
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

/** One GET of one kilobyte by OkHttp over plain HTTP/1.1 on loopback. */
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 2)
@Fork(2)
public class OkHttpCallBenchmark {

  /** The server and the client, shared by all threads of a trial. */
  @State(Scope.Benchmark)
  public static class Call {

    /** {@link Variant#label()}; {@link Main} starts a JVM that fits it. */
    @Param({"pooled", "fresh-by-hand", "agent-never"})
    public String variant;

    ServerProcess server;
    OkHttpClient client;
    Request request;

    @Setup
    public void start() throws IOException {
      Variant kind = Variant.of(variant);
      kind.requireIn(ManagementFactory.getRuntimeMXBean().getInputArguments());
      server = ServerProcess.start();
      request = new Request.Builder().url("http://127.0.0.1:" + server.port() + "/").build();
      OkHttpClient.Builder builder = new OkHttpClient.Builder();
      if (kind == Variant.FRESH_BY_HAND) {
        builder.connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS));
      }
      client = builder.build();
    }

    /** The server ends with this JVM: other threads may still ask it for their last counts. */
    @TearDown
    public void stop() {
      client.connectionPool().evictAll();
      client.dispatcher().executorService().shutdown();
    }
  }

  /**
   * What the server saw. Both counts are its own: JMH also calls the benchmark while its threads
   * wait for each other, and does not count those calls.
   */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Counters {
    public long requests;
    public long connections;

    /** What was opened between two iterations belongs to none of them. */
    @Setup(Level.Iteration)
    public void begin(Call call) throws IOException {
      call.server.newCounts();
    }

    @TearDown(Level.Iteration)
    public void end(Call call) throws IOException {
      ServerProcess.Counts counts = call.server.newCounts();
      requests = counts.requests();
      connections = counts.connections();
    }
  }

  /** A failed call fails the benchmark: an error is never charted as a fast answer. */
  @Benchmark
  public long get(Call call, Counters counters) throws IOException {
    try (Response response = call.client.newCall(call.request).execute()) {
      long length = response.body().bytes().length;
      if (response.code() != 200 || length != 1024) {
        throw new IOException("Answered " + response.code() + " with " + length + " bytes");
      }
      return length;
    }
  }
}

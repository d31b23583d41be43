package dev.freshwire.benchmarks.report;

import dev.freshwire.benchmarks.calls.Variant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.openjdk.jmh.util.Statistics;

/**
 * One benchmark with one choice of its parameters, in a JVM of its own each round.
 *
 * @param parameters of the benchmark, and {@code threads}
 */
record Jmh(
    String kind, String benchmark, SortedMap<String, String> parameters, int rounds, Pace pace)
    implements Task {

  @Override
  public SortedMap<String, String> labels() {
    SortedMap<String, String> labels = new TreeMap<>(parameters);
    labels.put("kind", kind);
    labels.put("benchmark", benchmark);
    labels.put("jdk", Integer.toString(Runtime.version().feature()));
    return labels;
  }

  /** A JVM and a server's, and twice the server where it is to be far away. */
  @Override
  public double seconds() {
    double jvms = isCall() ? 2 : 1;
    boolean distant = !parameters.getOrDefault("rtt", "0").equals("0");
    boolean dear = !String.valueOf(parameters.get("protocol")).equals("plain");
    boolean pools = String.valueOf(parameters.get(Variant.PARAMETER)).equals("pooled");
    double practice = distant ? Math.min(pace.practice(), dear && !pools ? 20 : 3) + 1 : 0;
    return jvms + practice + pace.warmUp() + pace.measure();
  }

  private boolean isCall() {
    return benchmark.startsWith("CallBenchmark");
  }

  /** Under a steady load too few calls are made for less. */
  @Override
  public Task within(Pace shorter) {
    Pace time = pace.within(shorter);
    return new Jmh(
        kind,
        benchmark,
        parameters,
        rounds,
        kind.equals("steady") ? new Pace(time.warmUp(), pace.measure(), time.practice()) : time);
  }

  @Override
  public Collection<Sample> run(int round) throws Exception {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include("\\." + Pattern.quote(benchmark) + "$")
            .forks(1)
            .warmupIterations(pace.warmUp())
            .warmupTime(TimeValue.seconds(1))
            .measurementIterations(pace.measure())
            .measurementTime(TimeValue.seconds(1))
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    StringBuilder command =
        new StringBuilder("java -jar benchmarks/target/benchmarks.jar " + benchmark + " -f 3");
    command.append(" -wi ").append(pace.warmUp()).append(" -w 1 -i ").append(pace.measure());
    command.append(" -r 1 -prof gc");
    for (Map.Entry<String, String> parameter : parameters.entrySet()) {
      String value = parameter.getValue();
      if (parameter.getKey().equals("threads")) {
        options.threads(Integer.parseInt(value));
        command.append(" -t ").append(value);
        continue;
      }
      options.param(parameter.getKey(), value);
      command.append(" -p ").append(parameter.getKey()).append('=').append(value);
      if (parameter.getKey().equals(Variant.PARAMETER)) {
        options.jvmArgsAppend(Variant.of(value).jvmArguments().toArray(new String[0]));
      }
    }
    if (isCall()) {
      options.param("practice", Integer.toString(pace.practice()));
      command.append(" -p practice=").append(pace.practice());
    }
    RunResult result = new Runner(options.build()).run().iterator().next();
    return List.of(new Sample(round, labels(), values(result, pace.measure()), command.toString()));
  }

  private static Map<String, Double> values(RunResult result, int iterations) {
    Map<String, Double> values = new HashMap<>();
    Statistics times = result.getPrimaryResult().getStatistics();
    values.put("samples", (double) times.getN());
    String unit = result.getPrimaryResult().getScoreUnit().replace("/op", "");
    if (result.getParams().getMode() == Mode.SampleTime) {
      for (double percent : new double[] {50, 90, 99, 99.9}) {
        // Beyond it a percentile would be a single accident.
        if (times.getN() * (100 - percent) / 100 >= 5) {
          values.put(
              "p" + Spread.digits(percent).replaceAll("\\.?0+$", "") + " " + unit,
              times.getPercentile(percent));
        }
      }
      values.put("calls/s", result.getParams().getThreads() / times.getMean() * 1e6);
    } else {
      values.put("time " + unit, times.getMean());
    }
    @SuppressWarnings("rawtypes") // So JMH declares it.
    Map<String, Result> secondary = result.getSecondaryResults();
    put(values, "allocated B", secondary.get("gc.alloc.rate.norm"), 1);
    Result<?> requests = secondary.get("requests");
    if (requests != null) {
      double each = 1 / requests.getScore();
      put(values, "connections", secondary.get("connections"), each);
      put(values, "client cpu us", secondary.get("clientCpuMicros"), each);
      put(values, "server cpu us", secondary.get("serverCpuMicros"), each);
      put(values, "errors", secondary.get("errors"), 1);
      put(values, "unused", secondary.get("unused"), 1.0 / iterations);
    }
    return values;
  }

  private static void put(
      Map<String, Double> values, String name, @Nullable Result<?> result, double factor) {
    if (result != null && Double.isFinite(result.getScore() * factor)) {
      values.put(name, result.getScore() * factor);
    }
  }

  /** A copy with other parameters on top. */
  Jmh with(String... namesAndValues) {
    SortedMap<String, String> changed = new TreeMap<>(parameters);
    changed.putAll(Task.labels(namesAndValues));
    return new Jmh(kind, benchmark, changed, rounds, pace);
  }

  /** A copy of another kind. */
  Jmh as(String other) {
    return new Jmh(other, benchmark, parameters, rounds, pace);
  }

  /** A copy with another number of rounds. */
  Jmh inRounds(int other) {
    return new Jmh(kind, benchmark, parameters, other, pace);
  }

  /** Copies, one for each value. */
  static List<Jmh> each(List<Jmh> tasks, String name, String... values) {
    return tasks.stream()
        .flatMap(task -> Arrays.stream(values).map(value -> task.with(name, value)))
        .toList();
  }
}

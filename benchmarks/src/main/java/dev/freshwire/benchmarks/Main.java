package dev.freshwire.benchmarks;

import dev.freshwire.benchmarks.calls.Variant;
import dev.freshwire.benchmarks.report.Report;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Defaults;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Runs benchmarks with JMH's own options.
 *
 * <p>JMH gives every value of a parameter the same JVM. A {@link Variant} needs a JVM of its own,
 * with the agent or without: so JMH is run once for each, and the results are put together.
 */
public final class Main {

  private final CommandLineOptions options;
  private final PrintStream out;

  private Main(CommandLineOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /**
   * Takes the options of {@link org.openjdk.jmh.Main}, or {@code report} and what {@link Report}
   * takes.
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && arguments[0].equals("report")) {
      System.exit(Report.run(Arrays.copyOfRange(arguments, 1, arguments.length)));
    }
    CommandLineOptions options = new CommandLineOptions(arguments);
    if (options.shouldHelp()
        || options.shouldList()
        || options.shouldListWithParams()
        || options.shouldListProfilers()
        || options.shouldListResultFormats()) {
      org.openjdk.jmh.Main.main(arguments);
    } else {
      new Main(options, System.out).run();
    }
  }

  private void run() throws Exception {
    List<String> plain = new ArrayList<>();
    List<String> withVariants = new ArrayList<>();
    for (BenchmarkListEntry entry : selected()) {
      boolean hasVariants = entry.getParams().orElse(Map.of()).containsKey(Variant.PARAMETER);
      (hasVariants ? withVariants : plain).add(entry.getUsername());
    }
    if (plain.isEmpty() && withVariants.isEmpty()) {
      throw new RunnerException("No benchmark matches " + options.getIncludes());
    }
    List<Options> runs = new ArrayList<>();
    if (!plain.isEmpty()) {
      runs.add(only(plain).build());
    }
    if (!withVariants.isEmpty()) {
      for (Variant variant : variants()) {
        runs.add(only(withVariants, variant));
      }
    }
    Collection<RunResult> results = new ArrayList<>();
    for (Options run : runs) {
      results.addAll(new Runner(run).run());
    }
    write(results);
    printConnections(results);
  }

  private Collection<BenchmarkListEntry> selected() {
    return BenchmarkList.defaultList()
        .find(
            OutputFormatFactory.createFormatInstance(out, VerboseMode.SILENT),
            options.getIncludes(),
            options.getExcludes());
  }

  /** Those of {@code -p variant=...}, or all. */
  private List<Variant> variants() {
    Collection<String> labels = options.getParameter(Variant.PARAMETER).orElse(List.of());
    return labels.isEmpty() ? List.of(Variant.values()) : labels.stream().map(Variant::of).toList();
  }

  /** A run that lost a benchmark to an error fails: its other figures would look complete. */
  private ChainedOptionsBuilder only(List<String> names) {
    ChainedOptionsBuilder builder = new OptionsBuilder().parent(options).shouldFailOnError(true);
    for (String name : names) {
      builder.include("^" + Pattern.quote(name) + "$");
    }
    return builder;
  }

  private Options only(List<String> names, Variant variant) {
    List<String> jvmArguments = new ArrayList<>(options.getJvmArgsAppend().orElse(List.of()));
    jvmArguments.addAll(variant.jvmArguments());
    return only(names)
        .param(Variant.PARAMETER, variant.label())
        .jvmArgsAppend(jvmArguments.toArray(new String[0]))
        .build();
  }

  /** Each run has overwritten the file of the one before: now all of them. */
  private void write(Collection<RunResult> results) throws Exception {
    if (!options.getResult().hasValue() && !options.getResultFormat().hasValue()) {
      return;
    }
    ResultFormatType type = options.getResultFormat().orElse(Defaults.RESULT_FORMAT);
    String file =
        options
            .getResult()
            .orElse(Defaults.RESULT_FILE_PREFIX + "." + type.toString().toLowerCase(Locale.ROOT));
    try (PrintStream stream = new PrintStream(file, StandardCharsets.UTF_8)) {
      ResultFormatFactory.getInstance(type, stream).writeOut(results);
    }
    out.println("All results: " + file);
  }

  private void printConnections(Collection<RunResult> results) {
    out.println();
    out.printf(
        Locale.ROOT,
        "%-28s %-16s %14s %24s%n",
        "benchmark",
        "variant",
        "median",
        "connections per request");
    for (RunResult result : results) {
      @SuppressWarnings("rawtypes") // So JMH declares it.
      Map<String, Result> secondary = result.getSecondaryResults();
      if (!secondary.containsKey("connections") || !secondary.containsKey("requests")) {
        continue;
      }
      Result<?> primary = result.getPrimaryResult();
      out.printf(
          Locale.ROOT,
          "%-28s %-16s %14s %24.3f%n",
          shortName(result),
          result.getParams().getParam(Variant.PARAMETER),
          String.format(
              Locale.ROOT,
              "%.1f %s",
              primary.getStatistics().getPercentile(50),
              primary.getScoreUnit()),
          secondary.get("connections").getScore() / secondary.get("requests").getScore());
    }
  }

  private static String shortName(RunResult result) {
    String name = result.getParams().getBenchmark();
    return name.substring(name.lastIndexOf('.', name.lastIndexOf('.') - 1) + 1);
  }
}

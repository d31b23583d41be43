package dev.freshwire.benchmarks.report;

import dev.freshwire.benchmarks.calls.Variant;
import dev.freshwire.benchmarks.scale.Load;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** One JVM that does very much of one thing. */
record Scale(Load.Kind what, int count, Variant variant) implements Task {

  @Override
  public SortedMap<String, String> labels() {
    return Task.labels(
        "kind", "scale",
        "what", what.name().toLowerCase(Locale.ROOT),
        "count", Integer.toString(count),
        "variant", variant.label());
  }

  @Override
  public int rounds() {
    return 1;
  }

  @Override
  public Collection<Sample> run(int round) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx256m");
    command.addAll(variant.jvmArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Load.class.getName()));
    command.addAll(List.of(what.name(), Integer.toString(count)));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    Map<String, Double> values = new HashMap<>();
    for (String line : (Iterable<String>) process.inputReader().lines()::iterator) {
      int blank = line.lastIndexOf(' ');
      values.put(line.substring(0, blank), Double.valueOf(line.substring(blank + 1)));
    }
    if (process.waitFor() != 0) {
      throw new IOException("exit status " + process.exitValue() + ": " + command);
    }
    return List.of(
        new Sample(
            round,
            labels(),
            values,
            "java -jar benchmarks/target/benchmarks.jar report --matrix full --only kind=scale"));
  }
}

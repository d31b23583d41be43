package dev.freshwire.benchmarks.report;

import dev.freshwire.benchmarks.calls.Variant;
import dev.freshwire.benchmarks.scale.Load;
import java.io.IOException;
import java.nio.file.Files;
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
  /** Whatever is not done by then is left undone, and the page says how much was done. */
  private static final int LIMIT_SECONDS = 900;

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
  public double seconds() {
    boolean pools = variant == Variant.POOLED;
    double each =
        switch (what) {
          case REQUESTS, PATTERNS -> pools ? 0.1e-3 : 0.6e-3;
          case BODIES -> 0.2;
          case ORIGINS -> 1e-3;
        };
    return 3 + each * what.calls(count);
  }

  @Override
  public Collection<Sample> run(int round) throws IOException, InterruptedException {
    Path config = Files.createTempFile("patterns", ".properties");
    try {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("-Xmx256m");
      for (String argument : variant.jvmArguments()) {
        boolean agent = argument.startsWith("-javaagent:") && what == Load.Kind.PATTERNS;
        command.add(agent ? argument + ",config=" + config : argument);
      }
      Files.write(config, patterns());
      command.addAll(List.of("-cp", System.getProperty("java.class.path"), Load.class.getName()));
      command.addAll(
          List.of(what.name(), Integer.toString(count), Integer.toString(LIMIT_SECONDS)));
      return List.of(
          new Sample(
              round,
              labels(),
              values(command),
              "java -jar benchmarks/target/benchmarks.jar report --matrix full --only kind=scale"));
    } finally {
      Files.delete(config);
    }
  }

  /** The last one means the server. */
  private List<String> patterns() {
    StringBuilder hosts = new StringBuilder("hosts = ");
    for (int i = 1; i < count; i++) {
      hosts.append("*.tenant-").append(i).append(".example.org, ");
    }
    return List.of(hosts + "127.0.0.1");
  }

  private static Map<String, Double> values(List<String> command)
      throws IOException, InterruptedException {
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
    return values;
  }
}

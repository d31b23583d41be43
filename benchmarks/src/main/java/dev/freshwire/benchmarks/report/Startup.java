package dev.freshwire.benchmarks.report;

import dev.freshwire.benchmarks.Agents;
import dev.freshwire.benchmarks.startup.StartupRace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * One round of the start-up race.
 *
 * @param jdk its home
 */
record Startup(String jdk, StartupRace.Program program, int rounds) implements Task {

  @Override
  public SortedMap<String, String> labels() {
    return Task.labels("kind", "startup", "jdk", feature(jdk), "program", program.label());
  }

  /** Most of it is the other agents'. */
  @Override
  public double seconds() {
    double once =
        switch (program) {
          case HELLO_WORLD -> 0.3;
          case FIRST_RESPONSE -> 1.5;
          case SPRING_BOOT -> 7;
        };
    return Agents.hasOthers() ? once + (program == StartupRace.Program.SPRING_BOOT ? 10 : 4) : once;
  }

  @Override
  public Collection<Sample> run(int round) throws Exception {
    List<Sample> samples = new ArrayList<>();
    Path java = Path.of(jdk, "bin", "java");
    try (StartupRace race = new StartupRace()) {
      if (round == 0) {
        // It also fills the file system's caches.
        add(samples, round, "census", race.round(java, program, true));
      }
      add(samples, round, "startup", race.round(java, program, false));
    }
    return samples;
  }

  private void add(
      List<Sample> samples, int round, String kind, Map<String, Map<String, Double>> results) {
    results.forEach(
        (variant, values) -> {
          SortedMap<String, String> labels = labels();
          labels.put("kind", kind);
          labels.put("variant", variant);
          samples.add(
              new Sample(
                  round,
                  labels,
                  values,
                  "java -jar benchmarks/target/benchmarks.jar report --only kind=startup --jdk "
                      + jdk));
        });
  }

  /** The feature release of a JDK, by the file that every JDK has. */
  static String feature(String home) {
    try {
      for (String line : Files.readAllLines(Path.of(home, "release"))) {
        if (line.startsWith("JAVA_VERSION=")) {
          return line.replaceAll("[^0-9.]", "").replaceAll("\\..*", "");
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("No JDK at " + home, e);
    }
    throw new IllegalArgumentException("No JDK at " + home);
  }
}

package dev.freshwire.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** All samples of a folder, kept in its {@code results.json} after each of them. */
final class Results {

  /**
   * What is in the file.
   *
   * @param environment of the latest samples, with the commands of all; of each sample it is said
   *     when it was measured
   */
  record Content(SortedMap<String, String> environment, List<Sample> samples) {}

  private static final String COMMAND = "command";

  /** Between the commands of runs into the same folder. */
  private static final String THEN = "; ";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  private final Path file;
  private final SortedMap<String, String> environment;
  private final List<Sample> samples;

  private Results(Path file, SortedMap<String, String> environment, List<Sample> samples) {
    this.file = file;
    this.environment = environment;
    this.samples = samples;
  }

  /** What a folder has already, under a new environment where more is to be measured. */
  static Results in(Path folder, SortedMap<String, String> environment) throws IOException {
    Path file = folder.resolve("results.json");
    if (Files.exists(file)) {
      Content content = JSON.readValue(file.toFile(), Content.class);
      String then = when(content.environment());
      return new Results(
          file,
          joined(content.environment(), environment),
          new ArrayList<>(
              content.samples().stream().map(sample -> sample.measuredAt(then)).toList()));
    }
    Files.createDirectories(folder);
    return new Results(file, environment, new ArrayList<>());
  }

  /** What earlier samples were made by and on is not forgotten for the later ones. */
  private static SortedMap<String, String> joined(
      SortedMap<String, String> then, SortedMap<String, String> now) {
    SortedMap<String, String> all = new TreeMap<>(then);
    all.putAll(now);
    Set<String> commands = new LinkedHashSet<>();
    for (SortedMap<String, String> one : List.of(then, now)) {
      if (one.containsKey(COMMAND)) {
        commands.addAll(List.of(one.get(COMMAND).split(THEN)));
      }
    }
    if (!commands.isEmpty()) {
      all.put(COMMAND, String.join(THEN, commands));
    }
    return all;
  }

  SortedMap<String, String> environment() {
    return environment;
  }

  List<Sample> samples() {
    return samples;
  }

  private static String when(SortedMap<String, String> environment) {
    return environment.getOrDefault("date", "unknown date")
        + ", commit "
        + environment.getOrDefault("commit", "unknown");
  }

  /** When what was measured: by kind, where not all of it is of one run. */
  SortedMap<String, String> provenance() {
    SortedMap<String, Long> counts = new TreeMap<>();
    samples.forEach(one -> counts.merge(one.label("kind") + ", " + one.measured(), 1L, Long::sum));
    boolean one = samples.stream().map(Sample::measured).distinct().count() < 2;
    SortedMap<String, String> said = new TreeMap<>();
    counts.forEach((what, count) -> said.put("measured: " + what, count + " samples"));
    return one ? new TreeMap<>() : said;
  }

  void add(Iterable<Sample> more) throws IOException {
    more.forEach(sample -> samples.add(sample.measuredAt(when(environment))));
    JSON.writeValue(file.toFile(), new Content(environment, samples));
  }

  /** Those with these labels. */
  Stream<Sample> of(SortedMap<String, String> labels) {
    return samples.stream().filter(sample -> Task.covers(labels, sample.labels()));
  }

  /** What was measured along an axis, in the order of its numbers. */
  List<String> measured(String label, SortedMap<String, String> labels) {
    SortedMap<String, String> others = new TreeMap<>(labels);
    others.remove(label);
    return of(others)
        .map(sample -> sample.label(label))
        .collect(
            Collectors.toCollection(
                () ->
                    new TreeSet<String>(
                        (one, other) ->
                            one.length() == other.length()
                                ? one.compareTo(other)
                                : Integer.compare(one.length(), other.length()))))
        .stream()
        .toList();
  }

  /** Of the sound ones among those with these labels. */
  Spread spread(SortedMap<String, String> labels, String value) {
    return Spread.of(of(labels).filter(Sample::isSound).mapToDouble(one -> one.value(value)));
  }

  /** How many calls failed in all. */
  double errors(SortedMap<String, String> labels) {
    return of(labels).mapToDouble(one -> one.value("errors")).filter(Double::isFinite).sum();
  }

  /** A figure of one thing beside the same figure of another, turn by turn. */
  Spread paired(
      SortedMap<String, String> labels,
      SortedMap<String, String> baseline,
      String value,
      Comparison comparison) {
    ToDoubleFunction<Sample> compared =
        one ->
            of(baseline)
                .filter(Sample::isSound)
                .filter(other -> other.round() == one.round())
                .mapToDouble(other -> comparison.of(one.value(value), other.value(value)))
                .findFirst()
                .orElse(Double.NaN);
    DoubleStream all = of(labels).filter(Sample::isSound).mapToDouble(compared);
    return Spread.of(all);
  }

  /** Of two figures. */
  interface Comparison {
    double of(double one, double other);
  }
}

package dev.freshwire.benchmarks.report;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** One thing to measure, and how often. */
interface Task {
  /** What is measured: those of its samples, but for what they tell apart within one run. */
  SortedMap<String, String> labels();

  /** How many rounds it takes part in. */
  int rounds();

  /** About how many seconds one turn takes on two cores. */
  double seconds();

  /** The same in less time, where that is possible. */
  default Task within(Pace pace) {
    return this;
  }

  /** Measures once. */
  Collection<Sample> run(int round) throws Exception;

  /** Labels out of names and values in turn. */
  static SortedMap<String, String> labels(String... namesAndValues) {
    SortedMap<String, String> labels = new TreeMap<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      labels.put(namesAndValues[i], namesAndValues[i + 1]);
    }
    return labels;
  }

  /** What of it has been measured. */
  default long done(List<Sample> samples) {
    return samples.stream()
        .filter(sample -> covers(labels(), sample.labels()))
        .mapToInt(Sample::round)
        .distinct()
        .count();
  }

  /** Whether all that is asked for is there. */
  static boolean covers(Map<String, String> asked, Map<String, String> labels) {
    return labels.entrySet().containsAll(asked.entrySet());
  }
}

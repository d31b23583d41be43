package dev.freshwire.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What one run of one thing gave.
 *
 * @param round which turn it was: what was measured in the same turn may be compared
 * @param labels what was measured
 * @param values the figures by name; a name ends with its unit
 * @param command what repeats it
 * @param measured when, and of which commit
 */
record Sample(
    int round,
    SortedMap<String, String> labels,
    Map<String, Double> values,
    String command,
    @Nullable String measured) {

  Sample(int round, SortedMap<String, String> labels, Map<String, Double> values, String command) {
    this(round, labels, values, command, null);
  }

  /** What is said already stays. */
  Sample measuredAt(String when) {
    return measured == null ? new Sample(round, labels, values, command, when) : this;
  }

  double value(String name) {
    return values.getOrDefault(name, Double.NaN);
  }

  String label(String name) {
    return labels.getOrDefault(name, "");
  }

  /** Errors make its other figures worthless: a failure may be as fast as it likes. */
  @JsonIgnore
  boolean isSound() {
    return value("errors") == 0 || Double.isNaN(value("errors"));
  }
}

package dev.freshwire.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import java.util.SortedMap;

/**
 * What one run of one thing gave.
 *
 * @param round which turn it was: what was measured in the same turn may be compared
 * @param labels what was measured
 * @param values the figures by name; a name ends with its unit
 * @param command what repeats it
 */
record Sample(
    int round, SortedMap<String, String> labels, Map<String, Double> values, String command) {

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

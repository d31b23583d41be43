package dev.freshwire.benchmarks.report;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is drawn.
 *
 * @param id its file's name
 * @param kind {@code bars}, {@code rows} (bars that lie) or {@code lines}
 * @param log whether the values are drawn by their logarithm
 */
record Chart(
    String id,
    String title,
    String unit,
    String kind,
    boolean log,
    List<String> categories,
    List<Series> series) {

  /**
   * @param points median, low and high in each category, or null where nothing sound was measured
   */
  record Series(String name, List<double @Nullable []> points) {}

  static Chart bars(String id, String title, String unit, List<String> categories) {
    return new Chart(id, title, unit, "bars", false, categories, List.of());
  }

  static Chart rows(String id, String title, String unit, List<String> categories) {
    return new Chart(id, title, unit, "rows", false, categories, List.of());
  }

  static Chart lines(String id, String title, String unit, List<String> categories) {
    return new Chart(id, title, unit, "lines", false, categories, List.of());
  }

  /** Takes the series in, unless nothing of it was measured. */
  Chart with(String name, List<Spread> spreads) {
    if (spreads.stream().allMatch(Spread::isEmpty)) {
      return this;
    }
    List<double @Nullable []> points = new ArrayList<>();
    spreads.forEach(spread -> points.add(spread.isEmpty() ? null : spread.bounds()));
    List<Series> all = new ArrayList<>(series);
    all.add(new Series(name, points));
    return new Chart(id, title, unit, kind, log, categories, all);
  }
}

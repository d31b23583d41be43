package dev.freshwire.benchmarks.report;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * The median of some runs, and how far they differ: the quartiles of eight runs and more, least and
 * most of fewer.
 */
record Spread(double median, double low, double high, int runs) {
  private static final int ENOUGH_FOR_QUARTILES = 8;

  static final Spread NONE = new Spread(Double.NaN, Double.NaN, Double.NaN, 0);

  static Spread of(DoubleStream values) {
    double[] sorted = values.filter(Double::isFinite).sorted().toArray();
    if (sorted.length == 0) {
      return NONE;
    }
    boolean quartiles = sorted.length >= ENOUGH_FOR_QUARTILES;
    return new Spread(
        quantile(sorted, 0.5),
        quantile(sorted, quartiles ? 0.25 : 0),
        quantile(sorted, quartiles ? 0.75 : 1),
        sorted.length);
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    double upper = sorted[Math.min(below + 1, sorted.length - 1)];
    return sorted[below] + (at - below) * (upper - sorted[below]);
  }

  boolean isEmpty() {
    return runs == 0;
  }

  Spread minus(double amount) {
    return new Spread(median - amount, low - amount, high - amount, runs);
  }

  Spread times(double factor) {
    return new Spread(median * factor, low * factor, high * factor, runs);
  }

  /** Three digits that matter, and in brackets how far the runs differ. */
  String text() {
    return isEmpty()
        ? "-"
        : runs == 1
            ? digits(median) + " (1 run)"
            : digits(median) + " (" + digits(low) + " .. " + digits(high) + ")";
  }

  static String digits(double value) {
    double size = Math.abs(value);
    int decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size == 0 ? 2 : 4;
    return String.format(Locale.ROOT, "%." + decimals + "f", value);
  }

  double[] bounds() {
    return new double[] {median, low, high};
  }
}

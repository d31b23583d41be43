package dev.freshwire.benchmarks.report;

/**
 * How long the turns of calls are.
 *
 * @param warmUp seconds
 * @param measure seconds
 * @param practice seconds at most that a client is warmed up with a neighbour
 */
record Pace(int warmUp, int measure, int practice) {
  /** From what was agreed to what is just enough. */
  static final Pace[] ALL = {new Pace(3, 5, 20), new Pace(2, 3, 6), new Pace(1, 2, 3)};

  /** The shorter of both, part by part. */
  Pace within(Pace other) {
    return new Pace(
        Math.min(warmUp, other.warmUp),
        Math.min(measure, other.measure),
        Math.min(practice, other.practice));
  }
}

package dev.freshwire.benchmarks.report;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * In which order what is measured, so that it fits into the time there is. Where that is short,
 * turns become shorter before there are fewer of them: a figure needs a spread. Whatever the time,
 * the variants take turns, and the last round may be left unfinished.
 */
final class Plan {
  /** Fewer runs say little about how far they differ. */
  private static final int ROUNDS_WANTED = 3;

  /**
   * One turn.
   *
   * @param round which of its task's it is
   */
  record Turn(Task task, int round) {}

  private final List<Turn> turns;
  private final @Nullable Double minutes;
  private final List<Turn> skipped = new ArrayList<>();
  private int next;
  private double expectedSoFar;
  private double tookSoFar;

  private Plan(List<Turn> turns, @Nullable Double minutes) {
    this.turns = turns;
    this.minutes = minutes;
  }

  /**
   * Of what is still missing.
   *
   * @param minutes that it may take, or null for as long as it takes
   * @param rounds at most, or null for as many as were agreed
   */
  static Plan of(
      List<Task> tasks, List<Sample> measured, @Nullable Double minutes, @Nullable Integer rounds) {
    if (minutes == null) {
      return new Plan(turns(tasks, measured, rounds == null ? Integer.MAX_VALUE : rounds), null);
    }
    int wanted = rounds == null ? ROUNDS_WANTED : rounds;
    List<Task> paced = tasks;
    for (Pace pace : Pace.ALL) {
      paced = tasks.stream().map(task -> task.within(pace)).toList();
      if (seconds(turns(paced, measured, wanted)) <= minutes * 60) {
        break;
      }
    }
    return new Plan(turns(paced, measured, rounds == null ? Integer.MAX_VALUE : rounds), minutes);
  }

  private static List<Turn> turns(List<Task> tasks, List<Sample> measured, int rounds) {
    List<Turn> turns = new ArrayList<>();
    for (Task task : tasks) {
      for (int round = (int) task.done(measured);
          round < Math.min(rounds, task.rounds());
          round++) {
        turns.add(new Turn(task, round));
      }
    }
    // Round after round: what the machine does meanwhile happens to all of them.
    turns.sort(Comparator.comparingInt(Turn::round));
    return turns;
  }

  private static double seconds(List<Turn> turns) {
    return turns.stream().mapToDouble(turn -> turn.task().seconds()).sum();
  }

  /** The next turn that fits, or null when all is done or time is up. */
  @Nullable Turn next() {
    double left = minutes == null ? Double.MAX_VALUE : minutes * 60 - tookSoFar;
    while (next < turns.size()) {
      Turn turn = turns.get(next++);
      if (turn.task().seconds() * slowness() <= left) {
        return turn;
      }
      skipped.add(turn);
    }
    return null;
  }

  void took(Turn turn, double seconds) {
    expectedSoFar += turn.task().seconds();
    tookSoFar += seconds;
  }

  /** What this machine takes for what two cores were expected to take in a second. */
  private double slowness() {
    return expectedSoFar < 10 ? 1 : tookSoFar / expectedSoFar;
  }

  /** How far it is, and how long it will take from here. */
  String progress() {
    double left = seconds(turns.subList(next - 1, turns.size())) * slowness();
    if (minutes != null) {
      left = Math.min(left, minutes * 60 - tookSoFar);
    }
    return String.format(Locale.ROOT, "[%d/%d] %s left", next, turns.size(), clock(left));
  }

  /** What is intended. */
  String intention() {
    long things = turns.stream().map(turn -> turn.task().labels()).distinct().count();
    int rounds = turns.stream().mapToInt(Turn::round).max().orElse(-1) + 1;
    return things
        + " things to measure in up to "
        + rounds
        + " rounds, about "
        + clock(seconds(turns))
        + (minutes == null ? "" : ", of which as many as fit into " + clock(minutes * 60));
  }

  /** What there was no time for. */
  String outcome() {
    if (skipped.isEmpty()) {
      return "All measured";
    }
    List<Turn> fewest = skipped.stream().filter(turn -> turn.round() < ROUNDS_WANTED).toList();
    StringBuilder said =
        new StringBuilder("Time is up: " + skipped.size() + " turns are left; the same goes on");
    fewest.stream()
        .map(turn -> "\n  fewer than " + ROUNDS_WANTED + " runs: " + turn.task().labels().values())
        .distinct()
        .forEach(said::append);
    return said.toString();
  }

  private static String clock(double seconds) {
    Duration left = Duration.ofSeconds(Math.round(seconds));
    return String.format(
        Locale.ROOT, "%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart());
  }
}

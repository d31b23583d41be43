package dev.freshwire.it.soak;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a soak has come to, for one client. */
final class Figures {
  private static final int SHOWN = 20;

  /** A look at the forked JVM, its garbage collected; descriptors but for those of connections. */
  record Vitals(long descriptors, long threads, long heap, long metaspace) {
    static Vitals of(Map<String, Object> json, int connections) {
      return new Vitals(
          (Long) json.getOrDefault("descriptors", 0L) - connections,
          (Long) json.getOrDefault("threads", 0L),
          (Long) json.getOrDefault("heap", 0L),
          (Long) json.getOrDefault("metaspace", 0L));
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d descriptors, %d threads, heap %.1f MB, metaspace %.1f MB",
          descriptors,
          threads,
          heap / 1e6,
          metaspace / 1e6);
    }
  }

  /** Under a mode that enforces: all, and what became of them. */
  long issued;

  long succeeded;
  long refused;

  /** Of those refused: a kept connection ended just when they were written. */
  long raced;

  long duplicates;
  long lost;

  /** Given up by the application, in every mode. */
  long cancelled;

  /** Arrivals that say they were tried again. */
  long marked;

  /** Where the agent observes or is off: what the client did by itself. */
  long alone;

  long aloneSucceeded;
  long aloneDuplicates;
  final List<Vitals> vitals = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();

  void wrong(String what) {
    if (wrong.size() < SHOWN) {
      wrong.add(what);
    }
  }

  List<String> wrong() {
    return wrong;
  }

  /** The least of each value in a part of the run: what is really held. */
  private Vitals least(int from, int to) {
    List<Vitals> part = vitals.subList(from, to);
    return new Vitals(
        part.stream().mapToLong(Vitals::descriptors).min().orElse(0),
        part.stream().mapToLong(Vitals::threads).min().orElse(0),
        part.stream().mapToLong(Vitals::heap).min().orElse(0),
        part.stream().mapToLong(Vitals::metaspace).min().orElse(0));
  }

  /** In the second quarter of the run, when all is warm. */
  Vitals early() {
    return least(vitals.size() / 4, vitals.size() / 2);
  }

  /** In the last quarter. */
  Vitals late() {
    return least(vitals.size() * 3 / 4, vitals.size());
  }

  @Override
  public String toString() {
    return "issued "
        + issued
        + ", succeeded "
        + succeeded
        + ", correctly refused "
        + refused
        + " (at the end of a kept connection "
        + raced
        + "), duplicates "
        + duplicates
        + ", lost though savable "
        + lost
        + ", cancelled "
        + cancelled
        + "; by itself issued "
        + alone
        + ", succeeded "
        + aloneSucceeded
        + ", duplicates "
        + aloneDuplicates
        + "; "
        + vitals.size()
        + " rounds";
  }

  /** As a document shows it. */
  static String table(Map<String, Figures> clients) {
    StringBuilder table =
        new StringBuilder(
            "| client | issued | succeeded | correctly refused | duplicates | lost though savable"
                + " | cancelled | observed or off: issued, succeeded, duplicates"
                + " | held in the second quarter | in the last quarter |\n"
                + "|---|---|---|---|---|---|---|---|---|---|\n");
    clients.forEach(
        (client, it) ->
            table.append(
                String.format(
                    Locale.ROOT,
                    "| %s | %d | %d | %d | %d | %d | %d | %d, %d, %d | %s | %s |%n",
                    client,
                    it.issued,
                    it.succeeded,
                    it.refused,
                    it.duplicates,
                    it.lost,
                    it.cancelled,
                    it.alone,
                    it.aloneSucceeded,
                    it.aloneDuplicates,
                    it.early(),
                    it.late())));
    return table.toString();
  }
}

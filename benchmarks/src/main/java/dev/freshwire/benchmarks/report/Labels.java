package dev.freshwire.benchmarks.report;

import dev.freshwire.benchmarks.startup.StartupRace;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the samples of the page are called, and how two of them are compared. */
final class Labels {
  static final String POOLED = "pooled";
  static final String BY_HAND = "fresh-by-hand";
  static final String NEVER = "agent-never";
  static final List<String> VARIANTS = List.of(POOLED, BY_HAND, NEVER);
  static final String PREWARM = "agent-never-prewarm";

  /** What costs and saves something, for each client. */
  static final List<String> COSTLY = List.of(POOLED, BY_HAND, NEVER, PREWARM, "agent-validated");

  /** All that a JVM can be started with. */
  static final List<String> MODES =
      List.of(
          POOLED,
          BY_HAND,
          NEVER,
          PREWARM,
          "agent-validated",
          "agent-observe",
          "agent-out-of-scope",
          "agent-off",
          "otel-agent");

  static final List<String> STEADY_VARIANTS = List.of(POOLED, NEVER, "agent-validated", PREWARM);
  static final String STEADY_PAUSE = "40";
  static final String P50 = "p50 us";
  static final String ALLOCATED = "allocated B";

  private Labels() {}

  /** A call with OkHttp over plain HTTP/1.1 to a neighbour, but for what is said. */
  static SortedMap<String, String> call(String... namesAndValues) {
    SortedMap<String, String> labels =
        Task.labels(
            "kind", "call",
            "client", "okhttp",
            "protocol", "plain",
            "key", "ecdsa",
            "rtt", "0",
            "payload", "select-1024",
            "threads", "1");
    labels.putAll(Task.labels(namesAndValues));
    return labels;
  }

  /** The same over TLS, ten milliseconds away, with pauses between the calls. */
  static SortedMap<String, String> steady(String variant) {
    return call(
        "kind", "steady",
        "protocol", "tls",
        "rtt", "10",
        "pause", STEADY_PAUSE,
        "variant", variant);
  }

  static SortedMap<String, String> with(
      SortedMap<String, String> labels, String... namesAndValues) {
    SortedMap<String, String> changed = new TreeMap<>(labels);
    changed.putAll(Task.labels(namesAndValues));
    return changed;
  }

  /** Of OkHttp over TLS, ten milliseconds away: what the charts by mode and by client show. */
  static SortedMap<String, String> distant(String client, String variant) {
    return call("protocol", "tls", "rtt", "10", "client", client, "variant", variant);
  }

  static double ratio(double one, double other) {
    return one / other;
  }

  static double difference(double one, double other) {
    return one - other;
  }

  static SortedMap<String, String> start(String jdk, StartupRace.Program program, String variant) {
    return Task.labels(
        "kind", "startup", "jdk", jdk, "program", program.label(), "variant", variant);
  }
}

package dev.freshwire.benchmarks.report;

import static dev.freshwire.benchmarks.report.Labels.ALLOCATED;
import static dev.freshwire.benchmarks.report.Labels.BY_HAND;
import static dev.freshwire.benchmarks.report.Labels.NEVER;
import static dev.freshwire.benchmarks.report.Labels.P50;
import static dev.freshwire.benchmarks.report.Labels.POOLED;
import static dev.freshwire.benchmarks.report.Labels.STEADY_PAUSE;
import static dev.freshwire.benchmarks.report.Labels.call;
import static dev.freshwire.benchmarks.report.Labels.start;
import static dev.freshwire.benchmarks.report.Labels.steady;
import static dev.freshwire.benchmarks.report.Labels.with;

import dev.freshwire.benchmarks.startup.StartupRace;
import java.util.List;
import java.util.SortedMap;

/** The figures that were aimed at, and what was measured. */
record Targets(Results results, Sheet page) {
  void write() {
    page.append("\n## Targets\n");
    page.header("what", "target", "measured", "reached");
    for (String protocol : List.of("plain", "tls")) {
      for (String rtt : results.measured("rtt", call("protocol", protocol))) {
        SortedMap<String, String> never = call("protocol", protocol, "rtt", rtt, "variant", NEVER);
        SortedMap<String, String> byHand = with(never, "variant", BY_HAND);
        double limit = protocol.equals("tls") ? 0.7 : 1.02;
        String where = "OkHttp, " + protocol + ", " + rtt + " ms away";
        if (protocol.equals("tls") && !rtt.equals("0")) {
          limit = 1.02;
        }
        target(
            "agent-never / fresh-by-hand, p50: " + where,
            limit,
            results.paired(never, byHand, P50, Labels::ratio));
        if (rtt.equals("0")) {
          target(
              "agent-never - fresh-by-hand, bytes allocated per request: " + where,
              512,
              results.paired(never, byHand, ALLOCATED, Labels::difference));
          target(
              "connections per request, agent-never: " + where,
              1.0,
              results.spread(never, "connections"));
        }
      }
    }
    for (String protocol : List.of("plain", "tls")) {
      SortedMap<String, String> outside =
          call("protocol", protocol, "variant", "agent-out-of-scope");
      SortedMap<String, String> pooled = with(outside, "variant", POOLED);
      target(
          "agent-out-of-scope / pooled, p50: OkHttp, " + protocol,
          1.01,
          results.paired(outside, pooled, P50, Labels::ratio));
      target(
          "agent-out-of-scope - pooled, bytes allocated per request: OkHttp, " + protocol,
          64,
          results.paired(outside, pooled, ALLOCATED, Labels::difference));
    }
    SortedMap<String, String> distant = call("protocol", "tls", "rtt", "10");
    target(
        "agent-validated / pooled, p50: OkHttp, tls, 10 ms away",
        1.05,
        results.paired(
            with(distant, "variant", "agent-validated"),
            with(distant, "variant", POOLED),
            P50,
            Labels::ratio));
    target(
        "agent-never-prewarm / pooled, p50: OkHttp, tls, 10 ms away, "
            + STEADY_PAUSE
            + " ms between calls",
        1.15,
        results.paired(steady("agent-never-prewarm"), steady(POOLED), P50, Labels::ratio));
    throughput("plain", "0");
    throughput("tls", "10");
    for (String jdk : results.measured("jdk", Task.labels("kind", "startup", "jdk", ""))) {
      SortedMap<String, String> hello = start(jdk, StartupRace.Program.HELLO_WORLD, "");
      double none = wall(hello, StartupRace.NONE);
      double empty = wall(hello, StartupRace.EMPTY);
      target(
          "hello world, JDK " + jdk + ": (Freshwire - none) / (empty agent - none)",
          1.5,
          results
              .spread(with(hello, "variant", StartupRace.FRESHWIRE), "wall ms")
              .minus(none)
              .times(1 / (empty - none)));
      SortedMap<String, String> first = start(jdk, StartupRace.Program.FIRST_RESPONSE, "");
      target(
          "OkHttp's first response, JDK " + jdk + ": Freshwire - empty agent, ms",
          150,
          results.paired(
              with(first, "variant", StartupRace.FRESHWIRE),
              with(first, "variant", StartupRace.EMPTY),
              "wall ms",
              Labels::difference));
    }
    for (String patterns : List.of("1", "100", "10000")) {
      SortedMap<String, String> look =
          Task.labels(
              "benchmark", "DecisionBenchmark.mayReuse", "patterns", patterns, "threads", "1");
      target(
          "a decision with " + patterns + " host patterns, ns",
          50,
          results.spread(look, "time ns"));
      target("the same, bytes allocated", 0, results.spread(look, ALLOCATED));
    }
    page.append(
        "\nReached: the median meets the target, rounded as it is printed. \"within the spread\": the target lies within"
            + " what the runs differ by, so this run does not tell.\n");
  }

  /** Calls per second of many threads, by themselves and beside those of one thread per core. */
  private void throughput(String protocol, String rtt) {
    SortedMap<String, String> never = call("protocol", protocol, "rtt", rtt, "variant", NEVER);
    SortedMap<String, String> many = with(never, "threads", "100");
    String what = "calls per second at 100 threads, agent-never / fresh-by-hand: ";
    String where = "OkHttp, " + protocol + ", " + rtt + " ms away";
    noWorse(
        what + where,
        results.paired(many, with(many, "variant", BY_HAND), "calls/s", Labels::ratio));
    noWorse(
        "the same, each over its own of 1 thread",
        Spread.of(
            results
                .of(many)
                .mapToDouble(
                    one ->
                        scaling(never, one.round())
                            / scaling(with(never, "variant", BY_HAND), one.round()))));
  }

  private void noWorse(String what, Spread measured) {
    if (!measured.isEmpty()) {
      page.row(
          what,
          "≥ 1.00",
          measured.text(),
          measured.median() >= 0.996
              ? "yes"
              : measured.high() >= 1 ? "no, within the spread" : "**no**");
    }
  }

  /** The number of cores is the same on both sides, and cancels out. */
  private double scaling(SortedMap<String, String> labels, int round) {
    return perSecond(with(labels, "threads", "100"), round) / perSecond(labels, round);
  }

  private double perSecond(SortedMap<String, String> labels, int round) {
    return results
        .of(labels)
        .filter(Sample::isSound)
        .filter(one -> one.round() == round)
        .mapToDouble(one -> one.value("calls/s"))
        .findFirst()
        .orElse(Double.NaN);
  }

  private void target(String what, double limit, Spread measured) {
    if (measured.isEmpty()) {
      return;
    }
    double slack = limit == 0 ? 0.01 : 0.004 * limit;
    String reached =
        measured.median() <= limit + slack
            ? "yes"
            : measured.low() <= limit ? "no, within the spread" : "**no**";
    page.row(what, "≤ " + Spread.digits(limit), measured.text(), reached);
  }

  private double wall(SortedMap<String, String> labels, String variant) {
    return results.spread(with(labels, "variant", variant), "wall ms").median();
  }
}

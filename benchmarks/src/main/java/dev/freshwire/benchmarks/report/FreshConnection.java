package dev.freshwire.benchmarks.report;

import static dev.freshwire.benchmarks.report.Labels.NEVER;
import static dev.freshwire.benchmarks.report.Labels.P50;
import static dev.freshwire.benchmarks.report.Labels.POOLED;
import static dev.freshwire.benchmarks.report.Labels.VARIANTS;
import static dev.freshwire.benchmarks.report.Labels.call;
import static dev.freshwire.benchmarks.report.Labels.with;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** What a connection of its own costs a request, at the reader's distance. */
record FreshConnection(Results results, Sheet page) {
  /** Where the HTML page, and only that, asks the reader for a distance. */
  static final String MARK = "<!-- yours -->\n\n";

  /** The farthest distance that was measured for a protocol, or 0. */
  private int farthest(String protocol) {
    List<String> distances = results.measured("rtt", call("protocol", protocol, "variant", NEVER));
    return distances.isEmpty() ? 0 : Integer.parseInt(distances.get(distances.size() - 1));
  }

  /**
   * What a fresh connection adds to a request.
   *
   * @param millis to a neighbour
   * @param trips round trips beyond that
   * @param cpu the client's, in microseconds
   */
  record Cost(double millis, double trips, double cpu) {}

  Map<String, Cost> costs() {
    Map<String, Cost> costs = new LinkedHashMap<>();
    for (String protocol : List.of("plain", "tls", "h2")) {
      int far = farthest(protocol);
      if (far == 0) {
        continue;
      }
      double near = added(protocol, "0", P50) / 1000;
      double distant = added(protocol, Integer.toString(far), P50) / 1000;
      costs.put(
          protocol, new Cost(near, (distant - near) / far, added(protocol, "0", "client cpu us")));
    }
    return costs;
  }

  private double added(String protocol, String rtt, String value) {
    SortedMap<String, String> never = call("protocol", protocol, "rtt", rtt, "variant", NEVER);
    return results
        .paired(never, with(never, "variant", POOLED), value, Labels::difference)
        .median();
  }

  void write() {
    Map<String, Cost> costs = costs();
    if (costs.isEmpty()) {
      return;
    }
    page.append("\n## What a fresh connection costs you\n\n");
    page.append(
        "A pooled request takes one round trip. A connection of its own adds one for TCP and, with TLS 1.3, one more;"
            + " the handshake costs both sides CPU time. Taken from OkHttp with `agent-never` against `pooled`.\n");
    page.header(
        "protocol",
        "added at 0 ms",
        "added round trips",
        "at 1 ms",
        "at 10 ms",
        "at 30 ms",
        "at 80 ms",
        "at 150 ms",
        "client CPU added",
        "fresh requests per second and core");
    costs.forEach(
        (protocol, cost) -> {
          List<Object> cells = new ArrayList<>();
          cells.add(protocol);
          cells.add(Spread.digits(cost.millis()) + " ms");
          cells.add(String.format(Locale.ROOT, "%.2f", cost.trips()));
          for (int rtt : new int[] {1, 10, 30, 80, 150}) {
            cells.add("+" + Spread.digits(cost.millis() + cost.trips() * rtt) + " ms");
          }
          cells.add(Spread.digits(cost.cpu()) + " µs");
          Spread cpu =
              results.spread(call("protocol", protocol, "variant", NEVER), "client cpu us");
          cells.add(Math.round(1e6 / cpu.median()));
          page.row(cells.toArray());
        });
    page.append("\n").append(MARK);
    for (String protocol : costs.keySet()) {
      List<String> distances =
          results.measured("rtt", call("protocol", protocol, "variant", NEVER));
      Chart chart =
          Chart.lines(
              "distance-" + protocol,
              "Median of a call by distance, OkHttp over " + protocol + ": less is better",
              "ms, by round trip",
              distances.stream().map(rtt -> rtt + " ms").toList());
      for (String variant : VARIANTS) {
        chart =
            chart.with(
                variant,
                distances.stream()
                    .map(
                        rtt ->
                            results
                                .spread(
                                    call("protocol", protocol, "rtt", rtt, "variant", variant), P50)
                                .times(0.001))
                    .toList());
      }
      page.show(chart);
    }
    knownAnswers();
  }

  private void knownAnswers() {
    page.append(
        "\n### Is the distance right?\n\nThe delay layer against what the protocols say: how many round trips a call"
            + " takes longer when the server is moved away. Fresh over plain HTTP takes 2, over TLS 1.3 takes 3, pooled 1."
            + " By hand, OkHttp over TLS waits 40 ms for a delayed acknowledgement when the server is near, so that moving it"
            + " away seems to cost less; the agent sets `TCP_NODELAY`.\n");
    page.header("protocol", "variant", "known answer", "measured");
    for (String protocol : List.of("plain", "tls", "h2")) {
      int far = farthest(protocol);
      for (String variant : far == 0 ? List.<String>of() : VARIANTS) {
        SortedMap<String, String> near = call("protocol", protocol, "variant", variant);
        Spread trips =
            results
                .paired(with(near, "rtt", Integer.toString(far)), near, P50, Labels::difference)
                .times(0.001 / far);
        int known = variant.equals(POOLED) ? 1 : protocol.equals("plain") ? 2 : 3;
        page.row(protocol, variant, known, trips.text());
      }
    }
  }
}

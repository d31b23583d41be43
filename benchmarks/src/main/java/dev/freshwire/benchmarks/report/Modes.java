package dev.freshwire.benchmarks.report;

import static dev.freshwire.benchmarks.report.Labels.COSTLY;
import static dev.freshwire.benchmarks.report.Labels.MODES;
import static dev.freshwire.benchmarks.report.Labels.P50;
import static dev.freshwire.benchmarks.report.Labels.POOLED;
import static dev.freshwire.benchmarks.report.Labels.PREWARM;
import static dev.freshwire.benchmarks.report.Labels.distant;
import static dev.freshwire.benchmarks.report.Labels.steady;

import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;

/** What each mode costs and saves: time, work and connections; of OkHttp, and of each client. */
record Modes(Results results, Sheet page) {
  private static final String WHERE = "over TLS, 10 ms away";

  /** A figure that is charted: its name in a file, its title, its unit. */
  private record Figure(
      String id, String title, String unit, Function<SortedMap<String, String>, Spread> of) {}

  void write() {
    List<Figure> figures =
        List.of(
            new Figure(
                "latency",
                "Median of a call",
                "ms",
                labels -> results.spread(labels, P50).times(0.001)),
            new Figure("cpu", "Processor time of client and server, per request", "ms", this::cpu),
            new Figure(
                "connections",
                "Connections opened per request",
                "connections",
                labels -> results.spread(labels, "connections")));
    byMode(figures);
    byClient(figures);
    steadyLoad();
  }

  private Spread cpu(SortedMap<String, String> labels) {
    return Spread.of(
        results
            .of(labels)
            .filter(Sample::isSound)
            .mapToDouble(one -> (one.value("client cpu us") + one.value("server cpu us")) / 1000));
  }

  private void byMode(List<Figure> figures) {
    List<String> measured =
        MODES.stream()
            .filter(mode -> results.of(distant("okhttp", mode)).findAny().isPresent())
            .toList();
    if (measured.size() < 3) {
      return;
    }
    page.append("\n## What each mode costs and saves\n\nOkHttp ")
        .append(WHERE)
        .append(", one call after the other.\n");
    page.header(
        "mode",
        "p50 ms",
        "p90 ms",
        "of pooled's p50",
        "connections per request",
        "client CPU µs",
        "server CPU µs",
        "allocated B",
        "spares unused when load stops",
        "errors");
    for (String mode : measured) {
      SortedMap<String, String> labels = distant("okhttp", mode);
      page.row(
          mode,
          results.spread(labels, P50).times(0.001).text(),
          results.spread(labels, "p90 us").times(0.001).text(),
          results.paired(labels, distant("okhttp", POOLED), P50, Labels::ratio).text(),
          results.spread(labels, "connections").text(),
          results.spread(labels, "client cpu us").text(),
          results.spread(labels, "server cpu us").text(),
          results.spread(labels, Labels.ALLOCATED).text(),
          unused(labels, mode),
          Math.round(results.errors(labels)));
    }
    for (Figure figure : figures) {
      page.show(
          Chart.rows(
                  "modes-" + figure.id(),
                  figure.title() + ", OkHttp " + WHERE + ", by mode: less is better",
                  figure.unit(),
                  measured)
              .with(
                  "OkHttp",
                  measured.stream()
                      .map(mode -> figure.of().apply(distant("okhttp", mode)))
                      .toList()));
    }
  }

  /** The server accepted more connections than it had requests: the difference, on average. */
  private String unused(SortedMap<String, String> labels, String mode) {
    return mode.equals(PREWARM) ? results.spread(labels, "unused").text() : "none are made";
  }

  private void byClient(List<Figure> figures) {
    List<String> clients =
        results
            .of(only(distant("okhttp", POOLED)))
            .map(sample -> sample.label("client"))
            .filter(client -> !client.isEmpty())
            .distinct()
            .toList();
    if (clients.size() < 2) {
      return;
    }
    page.append("\n## By client\n\nEach ")
        .append(WHERE)
        .append(
            ", over HTTP/1.1. Ktor's CIO opens a connection for each request as it is, and speaks TLS 1.2: one round"
                + " trip more. Reactor Netty is there for comparison: the agent leaves it alone.\n");
    for (Figure figure : figures) {
      Chart chart =
          Chart.rows(
              "clients" + (figure.id().equals("latency") ? "" : "-" + figure.id()),
              figure.title() + " " + WHERE + ", by client: less is better",
              figure.unit(),
              clients);
      for (String variant : COSTLY) {
        chart =
            chart.with(
                variant,
                clients.stream()
                    .map(client -> figure.of().apply(distant(client, variant)))
                    .toList());
      }
      page.show(chart);
    }
    unusedByClient(clients);
  }

  private static SortedMap<String, String> only(SortedMap<String, String> labels) {
    labels.remove("client");
    labels.remove("variant");
    return labels;
  }

  private void unusedByClient(List<String> clients) {
    page.append(
        "\nSpare connections that no request had used when the load stopped, with `prewarm=2`: connections that the"
            + " server accepted minus requests that it answered.\n");
    page.header("client", "unused", "errors");
    for (String client : clients) {
      SortedMap<String, String> labels = distant(client, PREWARM);
      if (results.of(labels).findAny().isPresent()) {
        page.row(
            client, results.spread(labels, "unused").text(), Math.round(results.errors(labels)));
      }
    }
  }

  private void steadyLoad() {
    List<String> measured = results.measured("variant", steady(POOLED));
    if (measured.isEmpty()) {
      return;
    }
    page.append("\n## Under a steady load\n\nOkHttp over TLS, 10 ms away, with ")
        .append(Labels.STEADY_PAUSE)
        .append(
            " ms between two calls. Everywhere else the next call begins when the last one ends: faster than two"
                + " spare connections can be made again, each of which takes two round trips and two handshakes'"
                + " worth of CPU.\n");
    page.header(
        "variant",
        "p50 ms",
        "p90 ms",
        "of pooled's p50",
        "connections per request",
        "client CPU µs",
        "server CPU µs",
        "spares unused when load stops",
        "errors");
    for (String variant : Labels.STEADY_VARIANTS) {
      SortedMap<String, String> labels = steady(variant);
      page.row(
          variant,
          results.spread(labels, P50).times(0.001).text(),
          results.spread(labels, "p90 us").times(0.001).text(),
          results.paired(labels, steady(POOLED), P50, Labels::ratio).text(),
          results.spread(labels, "connections").text(),
          results.spread(labels, "client cpu us").text(),
          results.spread(labels, "server cpu us").text(),
          unused(labels, variant),
          Math.round(results.errors(labels)));
    }
    page.append("\n```\n");
    results
        .of(steady(PREWARM))
        .map(Sample::command)
        .distinct()
        .forEach(command -> page.append(command).append("\n"));
    page.append("```\n");
  }
}

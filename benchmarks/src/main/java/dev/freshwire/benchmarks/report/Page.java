package dev.freshwire.benchmarks.report;

import static dev.freshwire.benchmarks.report.Labels.ALLOCATED;
import static dev.freshwire.benchmarks.report.Labels.NEVER;
import static dev.freshwire.benchmarks.report.Labels.P50;
import static dev.freshwire.benchmarks.report.Labels.POOLED;
import static dev.freshwire.benchmarks.report.Labels.VARIANTS;
import static dev.freshwire.benchmarks.report.Labels.call;
import static dev.freshwire.benchmarks.report.Labels.start;
import static dev.freshwire.benchmarks.report.Labels.with;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshwire.benchmarks.startup.StartupRace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;

/** What the figures say, as Markdown with charts and as one HTML file. */
final class Page {
  private static final int WIDE = 760;
  private static final int NARROW = 360;

  private final Results results;
  private final Path folder;
  private final Sheet page = new Sheet();

  Page(Results results, Path folder) {
    this.results = results;
    this.folder = folder;
  }

  void write() throws IOException {
    page.append("# What Freshwire costs\n\n");
    environment();
    new Targets(results, page).write();
    FreshConnection fresh = new FreshConnection(results, page);
    fresh.write();
    new Modes(results, page).write();
    distribution();
    concurrency();
    ownCost();
    startup();
    new AtScale(results, page).write();
    allCalls();
    notes();
    Map<String, String> drawings = draw();
    Files.writeString(
        folder.resolve("report.md"), page.toString().replace(FreshConnection.MARK, ""));
    Files.writeString(
        folder.resolve("report.html"),
        Html.page(
            "What Freshwire costs",
            page.toString().replace(FreshConnection.MARK, yours(fresh)),
            Charts.resource("style.css"),
            drawings));
  }

  private Map<String, String> draw() throws IOException {
    Map<String, String> drawings = new HashMap<>();
    Files.createDirectories(folder.resolve("charts"));
    try (Charts painter = new Charts()) {
      for (Chart chart : page.charts()) {
        String wide = painter.svg(chart, WIDE);
        Files.writeString(folder.resolve(Sheet.file(chart)), wide);
        drawings.put(
            Sheet.file(chart),
            "<span class=\"chart\" role=\"img\" aria-label=\""
                + chart.title().replace("\"", "'")
                + "\"><span class=\"wide\">"
                + wide
                + "</span><span class=\"narrow\">"
                + painter.svg(chart, NARROW)
                + "</span></span>");
      }
    }
    return drawings;
  }

  private void environment() {
    page.append("| | |\n|---|---|\n");
    results.environment().forEach((name, value) -> page.row(name, "`" + value + "`"));
    results.provenance().forEach((what, count) -> page.row(what, count));
    page.append(
        "\nA figure is the median of its runs; in brackets the quartiles of eight runs and more, least and most of"
            + " fewer. A ratio is taken turn by turn and then its median. Absolute figures belong to this machine.\n\n");
    long unsound = results.samples().stream().filter(sample -> !sample.isSound()).count();
    page.append("Runs: ")
        .append(Integer.toString(results.samples().size()))
        .append(". Runs in which calls failed, which are in no figure and no chart: ")
        .append(Long.toString(unsound))
        .append(".\n");
  }

  private void distribution() {
    List<String> percentiles = List.of("p50", "p90", "p99", "p99.9");
    for (String protocol : List.of("plain", "tls")) {
      Chart chart =
          new Chart(
              "distribution-" + protocol,
              "Distribution of call times, OkHttp over "
                  + protocol
                  + " on loopback: less is better",
              "ms, log scale",
              "lines",
              true,
              percentiles,
              List.of());
      for (String variant : VARIANTS) {
        chart =
            chart.with(
                variant,
                percentiles.stream()
                    .map(
                        percentile ->
                            results
                                .spread(
                                    call("protocol", protocol, "variant", variant),
                                    percentile + " us")
                                .times(0.001))
                    .toList());
      }
      if (!chart.series().isEmpty()) {
        page.append(protocol.equals("plain") ? "\n## The distribution\n" : "");
        page.show(chart);
      }
    }
  }

  private void concurrency() {
    for (String protocol : List.of("plain", "tls")) {
      SortedMap<String, String> base = call("protocol", protocol, "rtt", "10", "variant", NEVER);
      List<String> threads = results.measured("threads", base);
      if (threads.size() < 2) {
        continue;
      }
      Chart chart =
          Chart.lines(
              "concurrency-" + protocol,
              "Calls per second by concurrency, OkHttp over "
                  + protocol
                  + ", 10 ms away: more is better",
              "calls/s, by threads",
              threads);
      for (String variant : VARIANTS) {
        chart =
            chart.with(
                variant,
                threads.stream()
                    .map(
                        count ->
                            results.spread(
                                with(base, "threads", count, "variant", variant), "calls/s"))
                    .toList());
      }
      page.append(protocol.equals("plain") ? "\n## Cost against concurrency\n" : "");
      page.show(chart);
    }
  }

  private void ownCost() {
    SortedMap<String, String> memory = Task.labels("kind", "in-memory", "variant", POOLED);
    if (results.spread(memory, "time us").isEmpty()) {
      return;
    }
    page.append(
        "\n## The agent's own nanoseconds\n\nOkHttp over sockets that are arrays: no kernel, no TLS, no waiting.\n");
    page.header("variant", "µs per call", "bytes allocated per call");
    for (String variant : results.measured("variant", memory)) {
      SortedMap<String, String> one = with(memory, "variant", variant);
      page.row(
          variant, results.spread(one, "time us").text(), results.spread(one, ALLOCATED).text());
    }
    page.append("\nThe questions that rewritten code asks:\n");
    page.header("question", "patterns", "threads", "ns", "bytes", "per second and thread");
    results
        .of(Task.labels("kind", "decision"))
        .map(Sample::labels)
        .distinct()
        .forEach(
            labels -> {
              Spread nanos = results.spread(labels, "time ns");
              page.row(
                  String.valueOf(labels.getOrDefault("benchmark", ""))
                      .replace("DecisionBenchmark.", ""),
                  labels.getOrDefault("patterns", ""),
                  labels.getOrDefault("threads", ""),
                  nanos.text(),
                  results.spread(labels, ALLOCATED).text(),
                  String.format(Locale.ROOT, "%,.0f", 1e9 / nanos.median()));
            });
  }

  private void startup() {
    SortedMap<String, String> any = Task.labels("kind", "startup");
    List<String> jdks = results.measured("jdk", with(any, "jdk", ""));
    if (jdks.isEmpty()) {
      return;
    }
    page.append("\n## The start of a JVM\n\nWhole processes, started in turn.\n");
    List<String> variants =
        results.of(any).map(sample -> sample.label("variant")).distinct().toList();
    for (StartupRace.Program program : StartupRace.Program.values()) {
      Chart chart =
          Chart.bars(
              "startup-" + program.name().toLowerCase(Locale.ROOT).replace('_', '-'),
              "Time of a whole JVM, " + program.label() + ": less is better",
              "ms",
              jdks.stream().map(jdk -> "JDK " + jdk).toList());
      for (String variant : variants) {
        chart =
            chart.with(
                variant,
                jdks.stream()
                    .map(jdk -> results.spread(start(jdk, program, variant), "wall ms"))
                    .toList());
      }
      page.show(chart);
    }
    page.header(
        "JDK",
        "program",
        "agent",
        "ms",
        "over the empty agent, ms",
        "classes loaded",
        "of them from the shared archive",
        "metaspace MB",
        "resident MB");
    for (String jdk : jdks) {
      for (StartupRace.Program program : StartupRace.Program.values()) {
        for (String variant : variants) {
          SortedMap<String, String> one = start(jdk, program, variant);
          SortedMap<String, String> census = with(one, "kind", "census");
          page.row(
              jdk,
              program.label(),
              variant,
              results.spread(one, "wall ms").text(),
              results
                  .paired(
                      one, with(one, "variant", StartupRace.EMPTY), "wall ms", Labels::difference)
                  .text(),
              count(census, "classes loaded", 1),
              count(census, "classes from the archive", 1),
              count(census, "metaspace KB", 1024),
              count(census, "resident KB", 1024));
        }
      }
    }
  }

  private String count(SortedMap<String, String> labels, String value, double unit) {
    Spread spread = results.spread(labels, value);
    return spread.isEmpty() ? "-" : Spread.digits(spread.median() / unit);
  }

  private void allCalls() {
    page.append("\n## All calls\n");
    page.header(
        "client",
        "protocol",
        "key",
        "rtt ms",
        "payload",
        "threads",
        "variant",
        "p50 ms",
        "p99 ms",
        "p99.9 ms",
        "calls/s",
        "allocated B",
        "connections per request",
        "client CPU µs",
        "server CPU µs",
        "errors");
    results
        .of(Task.labels("kind", "call"))
        .map(Sample::labels)
        .distinct()
        .forEach(
            labels ->
                page.row(
                    labels.getOrDefault("client", ""),
                    labels.getOrDefault("protocol", ""),
                    labels.getOrDefault("key", ""),
                    labels.getOrDefault("rtt", ""),
                    labels.getOrDefault("payload", ""),
                    labels.getOrDefault("threads", ""),
                    labels.getOrDefault("variant", ""),
                    results.spread(labels, P50).times(0.001).text(),
                    results.spread(labels, "p99 us").times(0.001).text(),
                    results.spread(labels, "p99.9 us").times(0.001).text(),
                    results.spread(labels, "calls/s").text(),
                    results.spread(labels, ALLOCATED).text(),
                    results.spread(labels, "connections").text(),
                    results.spread(labels, "client cpu us").text(),
                    results.spread(labels, "server cpu us").text(),
                    Math.round(results.errors(labels))));
    page.append(
        "\nA percentile stands where at least five calls were beyond it. A run with errors is in none of the figures and in no chart. One line repeats one run:\n\n```\n");
    results
        .of(Task.labels("kind", "call"))
        .map(Sample::command)
        .distinct()
        .forEach(command -> page.append(command).append("\n"));
    page.append("```\n");
  }

  private void notes() {
    page.append(
        """

        ## How to read it

        - Client, server and the delay layer share this machine's processors. Ratios within a run say more than milliseconds.
        - `pooled` is the client as it is, `fresh-by-hand` the best its own API can do: OkHttp with `ConnectionPool(0, ...)`,
          java.net.http with a new client per call, HttpURLConnection with `http.keepAlive=false`, Apache with a reuse strategy
          that refuses, Reactor Netty with its provider of new connections. All `agent-*` variants run the very same code as `pooled`.
        - The distance is a delay of half a round trip for each flight and of one round trip more for the first bytes of a
          connection, which stands for the TCP handshake. It knows neither bandwidth nor slow start: large answers over fresh
          connections look better here than on a long line.
        - Loopback reuses ports in `TIME_WAIT` at once; a real network does not.
        """);
  }

  private static String yours(FreshConnection fresh) throws IOException {
    return Charts.resource("yours.html")
            .replace("COSTS", new ObjectMapper().writeValueAsString(fresh.costs()))
        + "\n\n";
  }
}

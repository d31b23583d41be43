package dev.freshwire.benchmarks.report;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshwire.benchmarks.startup.StartupRace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What the figures say, as Markdown with charts and as one HTML file. */
final class Page {
  private static final int WIDE = 760;
  private static final int NARROW = 360;
  private static final String POOLED = "pooled";
  private static final String BY_HAND = "fresh-by-hand";
  private static final String NEVER = "agent-never";
  private static final List<String> VARIANTS = List.of(POOLED, BY_HAND, NEVER);
  private static final String P50 = "p50 us";
  private static final String ALLOCATED = "allocated B";

  private final Results results;
  private final Path folder;
  private final StringBuilder text = new StringBuilder();
  private final List<Chart> charts = new ArrayList<>();

  Page(Results results, Path folder) {
    this.results = results;
    this.folder = folder;
  }

  void write() throws IOException {
    text.append("# What Freshwire costs\n\n");
    environment();
    targets();
    freshConnection();
    clients();
    distribution();
    concurrency();
    ownCost();
    startup();
    scale();
    allCalls();
    notes();
    Map<String, String> drawings = draw();
    Files.writeString(folder.resolve("report.md"), text.toString().replace(MARK, ""));
    Files.writeString(
        folder.resolve("report.html"),
        Html.page(
            "What Freshwire costs",
            text.toString().replace(MARK, yours()),
            Charts.resource("style.css"),
            drawings));
  }

  /**
   * Puts one chart and one table between the marks in a file that says what they are about.
   *
   * @param home from that file to the folder of this page
   */
  void summarize(Path file, String home) throws IOException {
    text.setLength(0);
    text.append("![Median of a call by distance](")
        .append(home)
        .append("/charts/distance-tls.svg)\n");
    header(
        "OkHttp, a call of 1 KB, ms",
        POOLED,
        "fresh by hand",
        "with Freshwire",
        "connections per request",
        "client CPU added, µs");
    for (String protocol : List.of("plain", "tls")) {
      for (String rtt : measured("rtt", call("protocol", protocol, "variant", NEVER))) {
        SortedMap<String, String> never = call("protocol", protocol, "rtt", rtt, "variant", NEVER);
        List<Object> cells = new ArrayList<>();
        cells.add(protocol + ", " + rtt + " ms away");
        for (String variant : VARIANTS) {
          cells.add(results.spread(with(never, "variant", variant), P50).times(0.001).text());
        }
        cells.add(
            String.format(Locale.ROOT, "%.2f", results.spread(never, "connections").median()));
        cells.add(
            results
                .paired(never, with(never, "variant", POOLED), "client cpu us", Page::difference)
                .text());
        row(cells.toArray());
      }
    }
    String before = Files.readString(file);
    int from = before.indexOf(BEGIN) + BEGIN.length();
    int to = before.indexOf(END);
    if (from < BEGIN.length() || to < from) {
      throw new IOException(file + " has no " + BEGIN + " and " + END);
    }
    Files.writeString(file, before.substring(0, from) + text + before.substring(to));
  }

  private static final String BEGIN = "<!-- benchmarks -->\n";
  private static final String END = "<!-- /benchmarks -->";

  /** Where the HTML page, and only that, asks the reader for a distance. */
  private static final String MARK = "<!-- yours -->\n\n";

  private Map<String, String> draw() throws IOException {
    Map<String, String> drawings = new HashMap<>();
    Files.createDirectories(folder.resolve("charts"));
    try (Charts painter = new Charts()) {
      for (Chart chart : charts) {
        String wide = painter.svg(chart, WIDE);
        Files.writeString(folder.resolve(file(chart)), wide);
        drawings.put(
            file(chart),
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

  private static String file(Chart chart) {
    return "charts/" + chart.id() + ".svg";
  }

  private void environment() {
    text.append("| | |\n|---|---|\n");
    results.environment().forEach((name, value) -> row(name, "`" + value + "`"));
    text.append(
        "\nA figure is the median of its runs; in brackets the quartiles of eight runs and more, least and most of"
            + " fewer. A ratio is taken turn by turn and then its median. Absolute figures belong to this machine.\n");
  }

  private void row(Object... cells) {
    text.append(
        Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  private void header(String... cells) {
    text.append('\n');
    row((Object[]) cells);
    text.append("|---".repeat(cells.length)).append("|\n");
  }

  private void show(Chart chart) {
    if (!chart.series().isEmpty()) {
      charts.add(chart);
      text.append("\n**")
          .append(chart.title())
          .append("**\n\n![")
          .append(chart.title())
          .append("](")
          .append(file(chart))
          .append(")\n");
    }
  }

  private static Chart bars(String id, String title, String unit, List<String> categories) {
    return new Chart(id, title, unit, "bars", false, categories, List.of());
  }

  private static Chart lines(String id, String title, String unit, List<String> categories) {
    return new Chart(id, title, unit, "lines", false, categories, List.of());
  }

  /** A call with OkHttp over plain HTTP/1.1 to a neighbour, but for what is said. */
  private static SortedMap<String, String> call(String... namesAndValues) {
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

  private static SortedMap<String, String> with(
      SortedMap<String, String> labels, String... namesAndValues) {
    SortedMap<String, String> changed = new TreeMap<>(labels);
    changed.putAll(Task.labels(namesAndValues));
    return changed;
  }

  /** What was measured along an axis, in the order of its numbers. */
  private List<String> measured(String label, SortedMap<String, String> labels) {
    SortedMap<String, String> others = new TreeMap<>(labels);
    others.remove(label);
    return results
        .of(others)
        .map(sample -> sample.label(label))
        .collect(
            Collectors.toCollection(
                () ->
                    new TreeSet<String>(
                        (one, other) ->
                            one.length() == other.length()
                                ? one.compareTo(other)
                                : Integer.compare(one.length(), other.length()))))
        .stream()
        .toList();
  }

  private static double ratio(double one, double other) {
    return one / other;
  }

  private static double difference(double one, double other) {
    return one - other;
  }

  private void targets() {
    text.append("\n## Targets\n");
    header("what", "target", "measured", "reached");
    for (String protocol : List.of("plain", "tls")) {
      for (String rtt : measured("rtt", call("protocol", protocol))) {
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
            results.paired(never, byHand, P50, Page::ratio));
        if (rtt.equals("0")) {
          target(
              "agent-never - fresh-by-hand, bytes allocated per request: " + where,
              512,
              results.paired(never, byHand, ALLOCATED, Page::difference));
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
          results.paired(outside, pooled, P50, Page::ratio));
      target(
          "agent-out-of-scope - pooled, bytes allocated per request: OkHttp, " + protocol,
          64,
          results.paired(outside, pooled, ALLOCATED, Page::difference));
    }
    SortedMap<String, String> distant = call("protocol", "tls", "rtt", "10");
    target(
        "agent-validated / pooled, p50: OkHttp, tls, 10 ms away",
        1.05,
        results.paired(
            with(distant, "variant", "agent-validated"),
            with(distant, "variant", POOLED),
            P50,
            Page::ratio));
    target(
        "agent-never-prewarm / pooled, p50: OkHttp, tls, 10 ms away",
        1.15,
        results.paired(
            with(distant, "variant", "agent-never-prewarm"),
            with(distant, "variant", POOLED),
            P50,
            Page::ratio));
    for (String jdk : measured("jdk", Task.labels("kind", "startup", "jdk", ""))) {
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
              Page::difference));
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
    text.append(
        "\nReached: the median meets the target, rounded as it is printed. \"within the spread\": the target lies within"
            + " what the runs differ by, so this run does not tell.\n");
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
    row(what, "≤ " + Spread.digits(limit), measured.text(), reached);
  }

  private static SortedMap<String, String> start(
      String jdk, StartupRace.Program program, String variant) {
    return Task.labels(
        "kind", "startup", "jdk", jdk, "program", program.label(), "variant", variant);
  }

  private double wall(SortedMap<String, String> labels, String variant) {
    return results.spread(with(labels, "variant", variant), "wall ms").median();
  }

  /** The farthest distance that was measured for a protocol, or 0. */
  private int farthest(String protocol) {
    List<String> distances = measured("rtt", call("protocol", protocol, "variant", NEVER));
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

  private Map<String, Cost> costs() {
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
    return results.paired(never, with(never, "variant", POOLED), value, Page::difference).median();
  }

  private void freshConnection() {
    Map<String, Cost> costs = costs();
    if (costs.isEmpty()) {
      return;
    }
    text.append("\n## What a fresh connection costs you\n\n");
    text.append(
        "A pooled request takes one round trip. A connection of its own adds one for TCP and, with TLS 1.3, one more;"
            + " the handshake costs both sides CPU time. Taken from OkHttp with `agent-never` against `pooled`.\n");
    header(
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
          row(cells.toArray());
        });
    text.append('\n').append(MARK);
    for (String protocol : costs.keySet()) {
      List<String> distances = measured("rtt", call("protocol", protocol, "variant", NEVER));
      Chart chart =
          lines(
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
      show(chart);
    }
    knownAnswers();
  }

  private void knownAnswers() {
    text.append(
        "\n### Is the distance right?\n\nThe delay layer against what the protocols say: how many round trips a call"
            + " takes longer when the server is moved away. Fresh over plain HTTP takes 2, over TLS 1.3 takes 3, pooled 1.\n");
    header("protocol", "variant", "known answer", "measured");
    for (String protocol : List.of("plain", "tls", "h2")) {
      int far = farthest(protocol);
      for (String variant : far == 0 ? List.<String>of() : VARIANTS) {
        SortedMap<String, String> near = call("protocol", protocol, "variant", variant);
        Spread trips =
            results
                .paired(with(near, "rtt", Integer.toString(far)), near, P50, Page::difference)
                .times(0.001 / far);
        int known = variant.equals(POOLED) ? 1 : protocol.equals("plain") ? 2 : 3;
        row(protocol, variant, known, trips.text());
      }
    }
  }

  private void clients() {
    SortedMap<String, String> base = call("protocol", "tls", "rtt", "10", "variant", NEVER);
    List<String> clients = measured("client", base);
    Chart chart =
        bars(
            "clients",
            "Median of a call over TLS, 10 ms away, by client: less is better",
            "ms",
            clients);
    for (String variant : VARIANTS) {
      chart =
          chart.with(
              variant,
              clients.stream()
                  .map(
                      client ->
                          results
                              .spread(with(base, "client", client, "variant", variant), P50)
                              .times(0.001))
                  .toList());
    }
    if (!chart.series().isEmpty()) {
      text.append("\n## By client\n");
      show(chart);
    }
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
        text.append(protocol.equals("plain") ? "\n## The distribution\n" : "");
        show(chart);
      }
    }
  }

  private void concurrency() {
    for (String protocol : List.of("plain", "tls")) {
      SortedMap<String, String> base = call("protocol", protocol, "rtt", "10", "variant", NEVER);
      List<String> threads = measured("threads", base);
      if (threads.size() < 2) {
        continue;
      }
      Chart chart =
          lines(
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
      text.append(protocol.equals("plain") ? "\n## Cost against concurrency\n" : "");
      show(chart);
    }
  }

  private void ownCost() {
    SortedMap<String, String> memory = Task.labels("kind", "in-memory", "variant", POOLED);
    if (results.spread(memory, "time us").isEmpty()) {
      return;
    }
    text.append(
        "\n## The agent's own nanoseconds\n\nOkHttp over sockets that are arrays: no kernel, no TLS, no waiting.\n");
    header("variant", "µs per call", "bytes allocated per call");
    for (String variant : measured("variant", memory)) {
      SortedMap<String, String> one = with(memory, "variant", variant);
      row(variant, results.spread(one, "time us").text(), results.spread(one, ALLOCATED).text());
    }
    text.append("\nThe questions that rewritten code asks:\n");
    header("question", "patterns", "threads", "ns", "bytes", "per second and thread");
    results
        .of(Task.labels("kind", "decision"))
        .map(Sample::labels)
        .distinct()
        .forEach(
            labels -> {
              Spread nanos = results.spread(labels, "time ns");
              row(
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
    List<String> jdks = measured("jdk", with(any, "jdk", ""));
    if (jdks.isEmpty()) {
      return;
    }
    text.append("\n## The start of a JVM\n\nWhole processes, started in turn.\n");
    List<String> variants =
        results.of(any).map(sample -> sample.label("variant")).distinct().toList();
    for (StartupRace.Program program : StartupRace.Program.values()) {
      Chart chart =
          bars(
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
      show(chart);
    }
    header(
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
          row(
              jdk,
              program.label(),
              variant,
              results.spread(one, "wall ms").text(),
              results
                  .paired(one, with(one, "variant", StartupRace.EMPTY), "wall ms", Page::difference)
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

  private void scale() {
    SortedMap<String, String> any = Task.labels("kind", "scale");
    if (results.of(any).findAny().isEmpty()) {
      return;
    }
    text.append(
        "\n## At scale\n\nOne JVM with 256 MB of heap; what it holds after a tenth of its calls and after all of them,"
            + " garbage collected. 100 MB bodies are read as streams.\n");
    header(
        "what",
        "variant",
        "connections per request",
        "heap MB",
        "metaspace MB",
        "threads",
        "descriptors",
        "most heap while streaming MB",
        "seconds",
        "errors");
    results
        .of(any)
        .forEach(
            one ->
                row(
                    one.label("count") + " " + one.label("what"),
                    one.label("variant"),
                    Spread.digits(one.value("connections")),
                    early(one, "heap MB"),
                    early(one, "metaspace MB"),
                    early(one, "threads"),
                    early(one, "descriptors"),
                    Spread.digits(one.value("peak heap MB")),
                    Spread.digits(one.value("seconds")),
                    Math.round(one.value("errors"))));
  }

  private static String early(Sample sample, String value) {
    return Spread.digits(sample.value("early " + value))
        + " → "
        + Spread.digits(sample.value("late " + value));
  }

  private void allCalls() {
    text.append("\n## All calls\n");
    header(
        "client",
        "protocol",
        "key",
        "rtt ms",
        "payload",
        "threads",
        "variant",
        "p50 ms",
        "p99 ms",
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
                row(
                    labels.getOrDefault("client", ""),
                    labels.getOrDefault("protocol", ""),
                    labels.getOrDefault("key", ""),
                    labels.getOrDefault("rtt", ""),
                    labels.getOrDefault("payload", ""),
                    labels.getOrDefault("threads", ""),
                    labels.getOrDefault("variant", ""),
                    results.spread(labels, P50).times(0.001).text(),
                    results.spread(labels, "p99 us").times(0.001).text(),
                    results.spread(labels, "calls/s").text(),
                    results.spread(labels, ALLOCATED).text(),
                    results.spread(labels, "connections").text(),
                    results.spread(labels, "client cpu us").text(),
                    results.spread(labels, "server cpu us").text(),
                    Math.round(results.errors(labels))));
    text.append(
        "\nA run with errors is in none of the figures and in no chart. One line repeats one run:\n\n```\n");
    results
        .of(Task.labels("kind", "call"))
        .map(Sample::command)
        .distinct()
        .forEach(command -> text.append(command).append('\n'));
    text.append("```\n");
  }

  private void notes() {
    text.append(
        """

        ## How to read it

        - Client, server and the delay layer share this machine's processors. Ratios within a run say more than milliseconds.
        - `pooled` is the client as it is, `fresh-by-hand` the best its own API can do: OkHttp with `ConnectionPool(0, ...)`,
          java.net.http with a new client per call, HttpURLConnection with `http.keepAlive=false`, Apache with a reuse strategy
          that refuses. All `agent-*` variants run the very same code as `pooled`.
        - The distance is a delay of half a round trip for each flight and of one round trip more for the first bytes of a
          connection, which stands for the TCP handshake. It knows neither bandwidth nor slow start: large answers over fresh
          connections look better here than on a long line.
        - Loopback reuses ports in `TIME_WAIT` at once; a real network does not.
        """);
  }

  private String yours() throws IOException {
    return Charts.resource("yours.html")
            .replace("COSTS", new ObjectMapper().writeValueAsString(costs()))
        + "\n\n";
  }
}

package dev.freshwire.benchmarks.report;

import static dev.freshwire.benchmarks.report.Labels.NEVER;
import static dev.freshwire.benchmarks.report.Labels.P50;
import static dev.freshwire.benchmarks.report.Labels.POOLED;
import static dev.freshwire.benchmarks.report.Labels.VARIANTS;
import static dev.freshwire.benchmarks.report.Labels.call;
import static dev.freshwire.benchmarks.report.Labels.with;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;

/** One chart and one table of the page, in another file. */
final class Summary {
  private static final String BEGIN = "<!-- benchmarks -->\n";
  private static final String END = "<!-- /benchmarks -->";

  private Summary() {}

  /**
   * Puts one chart and one table between the marks in a file that says what they are about.
   *
   * @param home from that file to the folder of this page
   */
  static void write(Results results, Path file, String home) throws IOException {
    Sheet page = new Sheet();
    page.append("![Median of a call by distance](")
        .append(home)
        .append("/charts/distance-tls.svg)\n");
    page.header(
        "OkHttp, a call of 1 KB, ms",
        POOLED,
        "fresh by hand",
        "with Freshwire",
        "connections per request",
        "client CPU added, µs");
    for (String protocol : List.of("plain", "tls")) {
      for (String rtt : results.measured("rtt", call("protocol", protocol, "variant", NEVER))) {
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
                .paired(never, with(never, "variant", POOLED), "client cpu us", Labels::difference)
                .text());
        page.row(cells.toArray());
      }
    }
    String before = Files.readString(file);
    int from = before.indexOf(BEGIN) + BEGIN.length();
    int to = before.indexOf(END);
    if (from < BEGIN.length() || to < from) {
      throw new IOException(file + " has no " + BEGIN + " and " + END);
    }
    Files.writeString(file, before.substring(0, from) + page + before.substring(to));
  }
}

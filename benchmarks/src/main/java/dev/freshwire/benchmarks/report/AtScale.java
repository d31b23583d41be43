package dev.freshwire.benchmarks.report;

import java.util.Locale;
import java.util.SortedMap;

/** What stays as it was however much there is. */
record AtScale(Results results, Sheet page) {
  void write() {
    SortedMap<String, String> any = Task.labels("kind", "scale");
    if (results.of(any).findAny().isEmpty()) {
      return;
    }
    page.append(
        "\n## At scale\n\nOne JVM with 256 MB of heap, OkHttp over plain HTTP on loopback; what it holds early → late,"
            + " garbage collected. Early is after a tenth of the calls; with 10,000 origins after one call to each of"
            + " them, late after two. Bodies have 100 MB and are read as streams. The seconds are no measure of speed:"
            + " one run, and whatever else the machine did.\n");
    page.header(
        "what",
        "variant",
        "calls",
        "errors",
        "connections per request",
        "heap MB",
        "metaspace MB",
        "threads",
        "descriptors",
        "most heap while streaming MB",
        "seconds");
    results
        .of(any)
        .forEach(
            one ->
                page.row(
                    number(Double.parseDouble(one.label("count"))) + " " + what(one),
                    one.label("variant"),
                    number(one.value("calls")),
                    Math.round(one.value("errors")),
                    String.format(Locale.ROOT, "%.3f", one.value("connections")),
                    early(one, "heap MB"),
                    early(one, "metaspace MB"),
                    whole(one, "threads"),
                    whole(one, "descriptors"),
                    one.label("what").equals("bodies")
                        ? Spread.digits(one.value("peak heap MB"))
                        : "-",
                    Math.round(one.value("seconds"))));
  }

  private static String what(Sample sample) {
    return sample.label("what").equals("patterns") ? "host patterns" : sample.label("what");
  }

  private static String number(double count) {
    return Double.isNaN(count) ? "-" : String.format(Locale.ROOT, "%,d", Math.round(count));
  }

  private static String early(Sample sample, String value) {
    return Spread.digits(sample.value("early " + value))
        + " → "
        + Spread.digits(sample.value("late " + value));
  }

  private static String whole(Sample sample, String value) {
    return number(sample.value("early " + value)) + " → " + number(sample.value("late " + value));
  }
}

package dev.freshwire.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PageTest {
  @TempDir Path folder;

  @Test
  void the_page_needs_no_other_file_and_charts_no_failures() throws Exception {
    Results results = Results.in(folder, new TreeMap<>(Map.of("machine", "a machine")));
    List<Sample> samples = new ArrayList<>();
    for (int round = 0; round < 3; round++) {
      for (String rtt : List.of("0", "10")) {
        double distance = Double.parseDouble(rtt) * 1000;
        samples.add(call(round, rtt, "pooled", 100 + distance, 0));
        samples.add(call(round, rtt, "agent-never", 200 + 2 * distance, 0));
        samples.add(call(round, rtt, "fresh-by-hand", 7, 12));
      }
    }
    results.add(samples);
    new Page(Results.in(folder, new TreeMap<>()), folder).write();

    String html = Files.readString(folder.resolve("report.html"));
    assertThat(html)
        .contains("a machine", "<svg", "role=\"img\"", "\"trips\":1.0")
        .doesNotContain("<img", "src=", "<link", "http-equiv");
    String markdown = Files.readString(folder.resolve("report.md"));
    assertThat(markdown)
        .contains("0.20 (0.20 .. 0.20)")
        .as("the failures are counted, their times are not shown")
        .contains("| - | - | - | - | - | - | - | 36 |");
    assertThat(Files.readString(folder.resolve("charts/distance-plain.svg")))
        .contains("agent-never")
        .doesNotContain("fresh-by-hand");
  }

  private static Sample call(int round, String rtt, String variant, double micros, double errors) {
    SortedMap<String, String> labels =
        Task.labels(
            "kind", "call",
            "client", "okhttp",
            "protocol", "plain",
            "key", "ecdsa",
            "rtt", rtt,
            "payload", "select-1024",
            "threads", "1",
            "variant", variant);
    return new Sample(
        round,
        labels,
        Map.of("p50 us", micros, "client cpu us", micros / 2, "errors", errors),
        "the command");
  }
}

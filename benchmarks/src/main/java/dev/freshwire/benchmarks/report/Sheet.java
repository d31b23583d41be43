package dev.freshwire.benchmarks.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A page being written: Markdown, and the charts it shows. */
final class Sheet {
  private final StringBuilder text = new StringBuilder();
  private final List<Chart> charts = new ArrayList<>();

  Sheet append(String more) {
    text.append(more);
    return this;
  }

  void row(Object... cells) {
    text.append(
        Arrays.stream(cells).map(String::valueOf).collect(Collectors.joining(" | ", "| ", " |\n")));
  }

  void header(String... cells) {
    text.append('\n');
    row((Object[]) cells);
    text.append("|---".repeat(cells.length)).append("|\n");
  }

  void show(Chart chart) {
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

  static String file(Chart chart) {
    return "charts/" + chart.id() + ".svg";
  }

  List<Chart> charts() {
    return charts;
  }

  @Override
  public String toString() {
    return text.toString();
  }
}

package dev.freshwire.it.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Lays a report out as a table of plain text. */
final class ReportTable {

  private static final List<String> HEADER =
      List.of(
          "check", "requests", "ok", "failed", "twice", "conns", "p50 ms", "p99 ms", "failures");

  private ReportTable() {}

  /** The table, one line per check and one for the total, under a title. */
  static String of(String title, RunReport report) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(HEADER);
    report.checks().forEach(check -> rows.add(cells(check)));
    rows.add(cells(report.total()));
    int[] widths = new int[HEADER.size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder table = new StringBuilder(title).append(System.lineSeparator());
    for (int i = 0; i < rows.size(); i++) {
      if (i == 1 || i == rows.size() - 1) {
        line(table, widths);
      }
      row(table, rows.get(i), widths);
    }
    return table.toString();
  }

  private static List<String> cells(CheckResult result) {
    return List.of(
        result.check(),
        Integer.toString(result.requests()),
        Integer.toString(result.succeeded()),
        Integer.toString(result.failed()),
        Integer.toString(result.appliedTwice()),
        Integer.toString(result.connections()),
        String.format(Locale.ROOT, "%.1f", result.p50Millis()),
        String.format(Locale.ROOT, "%.1f", result.p99Millis()),
        failures(result.failures()));
  }

  private static String failures(Map<String, Integer> failures) {
    return String.join(
        ", ", failures.entrySet().stream().map(e -> e.getValue() + " " + e.getKey()).toList());
  }

  private static void row(StringBuilder table, List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String padding = " ".repeat(widths[i] - cells.get(i).length());
      // Words to the left, numbers to the right.
      boolean words = i == 0 || i == widths.length - 1;
      line.append("  ").append(words ? cells.get(i) + padding : padding + cells.get(i));
    }
    table.append(line.toString().stripTrailing()).append(System.lineSeparator());
  }

  private static void line(StringBuilder table, int[] widths) {
    table.append(' ');
    for (int width : widths) {
      table.append(' ').append("-".repeat(width)).append(' ');
    }
    table.setLength(table.length() - 1);
    table.append(System.lineSeparator());
  }
}

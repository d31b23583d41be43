package dev.freshwire.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes what became of every test of a class into the compatibility document, between the two
 * comments that name the class, if the system property {@code freshwire.test.compatibility} names
 * that document. A parameterised class becomes a table of its invocations by its tests, {@code
 * <scenario>, <variant>}; another class a list.
 */
public final class CompatibilityRows implements TestWatcher {
  /** More scenarios than that are told below each other. */
  private static final int WIDEST = 12;

  private static final String DOCUMENT = System.getProperty("freshwire.test.compatibility", "");

  private static final Map<String, String> REMARKS = new ConcurrentHashMap<>();

  private record Outcome(String suite, String row, String test, String result) {}

  /** Closed by JUnit when all tests have run. */
  private static final class Collected implements AutoCloseable {
    private final List<Outcome> outcomes = new ArrayList<>();

    synchronized void add(Outcome outcome) {
      outcomes.add(outcome);
    }

    @Override
    public synchronized void close() {
      if (DOCUMENT.isEmpty()) {
        return;
      }
      Set<String> suites = new LinkedHashSet<>();
      outcomes.forEach(outcome -> suites.add(outcome.suite()));
      suites.forEach(
          suite -> write(suite, outcomes.stream().filter(o -> o.suite().equals(suite)).toList()));
    }
  }

  /** Is written behind the result of that test, if it passes. */
  public static void remark(TestInfo test, String text) {
    REMARKS.put(test.getDisplayName(), text);
  }

  @Override
  public void testSuccessful(ExtensionContext context) {
    String remark = REMARKS.remove(context.getDisplayName());
    add(context, remark == null ? "passed" : "passed: " + remark);
  }

  @Override
  public void testFailed(ExtensionContext context, @Nullable Throwable cause) {
    add(context, "**failed**");
  }

  @Override
  public void testAborted(ExtensionContext context, @Nullable Throwable cause) {
    String reason =
        String.valueOf(cause == null ? null : cause.getMessage()).replaceFirst("^.*failed: ", "");
    add(context, "skipped: " + reason);
  }

  @Override
  public void testDisabled(ExtensionContext context, Optional<String> reason) {
    add(context, "skipped: " + reason.orElse("disabled"));
  }

  private static void add(ExtensionContext context, String result) {
    String suite = context.getRequiredTestClass().getSimpleName();
    // Method, or invocation of a parameterised method; above it the class or its invocation.
    ExtensionContext above = context;
    while (above.getTestMethod().isPresent() && above.getParent().isPresent()) {
      above = above.getParent().get();
    }
    String row = above.getDisplayName().equals(suite) ? "" : above.getDisplayName();
    context
        .getRoot()
        .getStore(ExtensionContext.Namespace.create(CompatibilityRows.class))
        .computeIfAbsent("collected", key -> new Collected(), Collected.class)
        .add(new Outcome(suite, row, context.getDisplayName().replace("()", ""), result));
  }

  private static void write(String suite, List<Outcome> outcomes) {
    write(Path.of(DOCUMENT), suite, heading(outcomes) + table(outcomes) + absent());
  }

  /** Puts a text between the two comments that name the suite. */
  public static void write(Path document, String suite, String content) {
    String begin = "<!-- " + suite + " -->\n";
    String end = "<!-- /" + suite + " -->";
    try {
      String text = Files.readString(document);
      int from = text.indexOf(begin);
      int to = text.indexOf(end);
      if (from < 0 || to < from) {
        throw new IllegalStateException(document + " has no place for " + suite);
      }
      Files.writeString(
          document, text.substring(0, from + begin.length()) + content + text.substring(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The date, and what was run. */
  public static String today() {
    return LocalDate.now(ZoneOffset.UTC)
        + ", `"
        + System.getProperty("freshwire.test.command", "mvn verify")
        + "`";
  }

  private static String heading(List<Outcome> outcomes) {
    return today()
        + ": "
        + count(outcomes, "passed")
        + " passed, "
        + count(outcomes, "skipped")
        + " skipped, "
        + count(outcomes, "**failed**")
        + " failed.\n\n";
  }

  private static long count(List<Outcome> outcomes, String result) {
    return outcomes.stream().filter(outcome -> outcome.result().startsWith(result)).count();
  }

  /** JVMs that were to be there. */
  private static String absent() {
    String absent = System.getProperty("freshwire.test.absent", "");
    return absent.isEmpty() ? "" : "\nSkipped: " + absent.replace("|", "; ") + ".\n";
  }

  private static String table(List<Outcome> outcomes) {
    return outcomes.stream().allMatch(outcome -> outcome.row().isEmpty())
        ? list(outcomes)
        : crossed(outcomes);
  }

  private static String list(List<Outcome> outcomes) {
    StringBuilder table = new StringBuilder("| what | result |\n|---|---|\n");
    outcomes.stream()
        .map(outcome -> "| " + outcome.test() + " | " + outcome.result() + " |\n")
        .sorted()
        .forEach(table::append);
    return table.toString();
  }

  private static String crossed(List<Outcome> outcomes) {
    Set<String> scenarios = new TreeSet<>();
    Map<String, Map<String, Map<String, Set<String>>>> rows = new TreeMap<>();
    for (Outcome outcome : outcomes) {
      int comma = outcome.test().lastIndexOf(", ");
      String scenario = comma < 0 ? outcome.test() : outcome.test().substring(0, comma);
      String variant = comma < 0 ? "" : outcome.test().substring(comma + 2);
      scenarios.add(scenario);
      rows.computeIfAbsent(outcome.row(), x -> new TreeMap<>())
          .computeIfAbsent(scenario, x -> new TreeMap<>())
          .computeIfAbsent(outcome.result(), x -> new LinkedHashSet<>())
          .add(variant);
    }
    return scenarios.size() > WIDEST
        ? table(scenarios, rows.keySet(), (scenario, row) -> cell(rows, row, scenario))
        : table(rows.keySet(), scenarios, (row, scenario) -> cell(rows, row, scenario));
  }

  private static String table(
      Set<String> lines, Set<String> columns, BiFunction<String, String, String> cell) {
    StringBuilder table = new StringBuilder("| |");
    columns.forEach(column -> table.append(' ').append(column).append(" |"));
    table.append("\n|---|").append("---|".repeat(columns.size())).append('\n');
    for (String line : lines) {
      table.append("| ").append(line).append(" |");
      for (String column : columns) {
        table.append(' ').append(cell.apply(line, column)).append(" |");
      }
      table.append('\n');
    }
    return table.toString();
  }

  private static String cell(
      Map<String, Map<String, Map<String, Set<String>>>> rows, String row, String scenario) {
    List<String> parts = new ArrayList<>();
    rows.getOrDefault(row, Map.of())
        .getOrDefault(scenario, Map.of())
        .forEach(
            (result, variants) -> {
              String which = String.join(", ", new TreeSet<>(variants));
              parts.add(which.isEmpty() ? result : which + " " + result);
            });
    return String.join("; ", parts);
  }
}

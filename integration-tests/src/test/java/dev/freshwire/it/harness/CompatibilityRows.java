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
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * Writes what became of every test of a class into the compatibility document, between the two
 * comments that name the class, if the system property {@code freshwire.test.compatibility} names
 * that document. A parameterised class becomes a table of its invocations by its tests, {@code
 * <scenario>, <variant>}; another class a list.
 */
public final class CompatibilityRows implements TestWatcher {
  private static final String DOCUMENT = System.getProperty("freshwire.test.compatibility", "");

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

  @Override
  public void testSuccessful(ExtensionContext context) {
    add(context, "passed");
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
    String begin = "<!-- " + suite + " -->\n";
    String end = "<!-- /" + suite + " -->";
    try {
      Path document = Path.of(DOCUMENT);
      String text = Files.readString(document);
      int from = text.indexOf(begin);
      int to = text.indexOf(end);
      if (from < 0 || to < from) {
        throw new IllegalStateException(document + " has no place for " + suite);
      }
      Files.writeString(
          document,
          text.substring(0, from + begin.length())
              + heading(outcomes)
              + table(outcomes)
              + absent()
              + text.substring(to));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String heading(List<Outcome> outcomes) {
    return LocalDate.now(ZoneOffset.UTC)
        + ", `"
        + System.getProperty("freshwire.test.command", "mvn verify")
        + "`: "
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
    StringBuilder table = new StringBuilder("| |");
    scenarios.forEach(scenario -> table.append(' ').append(scenario).append(" |"));
    table.append("\n|---|").append("---|".repeat(scenarios.size())).append('\n');
    rows.forEach(
        (row, cells) -> {
          table.append("| ").append(row).append(" |");
          for (String scenario : scenarios) {
            List<String> parts = new ArrayList<>();
            cells
                .getOrDefault(scenario, Map.of())
                .forEach(
                    (result, variants) -> {
                      String which = String.join(", ", new TreeSet<>(variants));
                      parts.add(which.isEmpty() ? result : which + " " + result);
                    });
            table.append(' ').append(String.join("; ", parts)).append(" |");
          }
          table.append('\n');
        });
    return table.toString();
  }
}

package dev.freshwire.benchmarks.report;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures what is missing of a matrix, and makes the page. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description =
        "Measures what is missing of a matrix, and writes results.json, report.md, report.html and"
            + " the charts. What is there already is kept: a run that was cut short goes on.")
public final class Report implements Callable<Integer> {

  @Option(
      names = "--matrix",
      description = "quick (about ten minutes) or full (hours, unless --minutes): ${DEFAULT-VALUE}")
  private String matrix = "quick";

  @Option(names = "--output", description = "folder of the results: ${DEFAULT-VALUE}")
  private Path output = Path.of("benchmarks/target/report");

  @Option(
      names = "--jdk",
      description = "home of a JDK for the start-up race; more than once if wanted; else this one")
  private List<String> jdks = new ArrayList<>();

  @Option(
      names = "--minutes",
      description =
          "fit into so many minutes: three rounds in shorter turns if need be, more if there is"
              + " time")
  private @Nullable Double minutes;

  @Option(names = "--rounds", description = "at most so many rounds of each")
  private @Nullable Integer rounds;

  @Option(names = "--only", description = "only what has this in its labels, such as kind=startup")
  private List<String> only = new ArrayList<>();

  @Option(names = "--without", description = "all but what has this in its labels")
  private List<String> without = new ArrayList<>();

  @Option(names = "--render", description = "measure nothing, make the page of what is there")
  private boolean render;

  private final String command;

  @Option(
      names = "--readme",
      description = "file to put one chart and one table into, between its marks")
  private @Nullable Path readme;

  private Report(String[] arguments) {
    command = "java -jar benchmarks/target/benchmarks.jar report " + String.join(" ", arguments);
  }

  /** Returns the exit status. */
  public static int run(String[] arguments) {
    return new CommandLine(new Report(arguments)).execute(arguments);
  }

  @Override
  public Integer call() throws Exception {
    if (jdks.isEmpty()) {
      jdks.add(System.getProperty("java.home"));
    }
    Results results =
        Results.in(output, render ? new TreeMap<>() : Environment.here(command, jdks));
    if (!render) {
      measure(results);
    }
    new Page(results, output).write();
    if (readme != null) {
      Summary.write(
          results,
          readme,
          readme
              .toAbsolutePath()
              .resolveSibling("")
              .relativize(output.toAbsolutePath())
              .toString());
    }
    System.err.println("Written: " + output.resolve("report.html").toAbsolutePath());
    return 0;
  }

  private void measure(Results results) throws Exception {
    List<Task> tasks = new ArrayList<>();
    for (Task task : Matrix.valueOf(matrix.toUpperCase(Locale.ROOT)).tasks(jdks)) {
      String labels = task.labels().toString();
      if (only.stream().allMatch(labels::contains)
          && without.stream().noneMatch(labels::contains)) {
        tasks.add(task);
      }
    }
    Plan plan = Plan.of(tasks, results.samples(), minutes, rounds);
    System.err.println(plan.intention());
    for (Plan.Turn turn = plan.next(); turn != null; turn = plan.next()) {
      System.err.println(
          plan.progress()
              + " | round "
              + (turn.round() + 1)
              + " | "
              + turn.task().labels().values());
      long start = System.nanoTime();
      results.add(turn.task().run(turn.round()));
      plan.took(turn, (System.nanoTime() - start) / 1e9);
    }
    System.err.println(plan.outcome());
  }
}

package dev.freshwire.it.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Where the agent is told to change nothing, others' tests pass and fail one by one as they do
 * without it. They see no other host than this one: no other name has an address.
 */
@EnabledIfSystemProperty(
    named = "freshwire.test.trust",
    matches = "true",
    disabledReason = "runs with integration-tests/trust")
@ExtendWith(CompatibilityRows.class)
class PublishedSuiteIT {
  private static final Path SUITES =
      Path.of(System.getProperty("freshwire.test.suites", "suites")).toAbsolutePath();

  /**
   * A test whose outcome differs is looked at again so many times without the agent, and if that
   * does not explain it so many times with it: some race with the clock.
   */
  private static final int AGAIN = 3;

  private static final Pattern CASE =
      Pattern.compile(
          "<testcase name=\"([^\"]*)\" classname=\"([^\"]*)\"[^>]*>(.*?)</testcase>",
          Pattern.DOTALL);

  @TempDir private static Path directory;

  private static final Pattern REASON =
      Pattern.compile("<(?:failure|error)[^>]*>(.{0,2000})", Pattern.DOTALL);

  private static final Map<PublishedSuite, Map<String, String>> STOCK = new HashMap<>();

  /** Why a test failed the last time that it did. */
  private static final Map<String, String> REASONS = new HashMap<>();

  static Stream<Arguments> runs() {
    return PublishedSuite.all().stream()
        .flatMap(
            suite ->
                Stream.of("mode=off", "mode=observe", "exclude-hosts=*")
                    .map(options -> Arguments.of(suite, options)));
  }

  @ParameterizedTest(name = "{0}, {1}")
  @MethodSource("runs")
  void the_same_pass_and_the_same_fail(PublishedSuite suite, String options, TestInfo info)
      throws Exception {
    assumeTrue(suite.jvm().isPresent(), "these tests are for Java 21 and newer");
    Map<String, String> without = STOCK.get(suite);
    if (without == null) {
      without = run(suite, null);
      STOCK.put(suite, without);
    }
    long passed = without.values().stream().filter("passed"::equals).count();
    assertThat(passed).isGreaterThanOrEqualTo(suite.least());

    Map<String, String> with = run(suite, options);
    Set<String> different = differences(without, with);
    Set<String> flaky = new TreeSet<>();
    for (int i = 0; i < AGAIN && !flaky.containsAll(different); i++) {
      flaky.addAll(differences(without, run(suite, null)));
    }
    different.removeAll(flaky);
    Set<String> again = new TreeSet<>();
    for (int i = 0; i < AGAIN && !different.isEmpty(); i++) {
      again.addAll(differences(without, run(suite, options)));
    }
    again.retainAll(different);
    assertThat(again)
        .as(
            "without: %s, with: %s, because of %s",
            only(different, without), only(different, with), only(different, REASONS))
        .isEmpty();
    String remark = passed + " passed and " + (without.size() - passed) + " did not, either way";
    if (!flaky.isEmpty()) {
      remark += "; also without the agent now this, now that: " + flaky;
    }
    if (!suite.racing().isEmpty()) {
      remark += "; not compared, as they race with the clock: " + suite.racing();
    }
    if (!different.isEmpty()) {
      remark += "; differed once and not in " + AGAIN + " more runs: " + only(different, with);
    }
    CompatibilityRows.remark(info, remark);
  }

  private static Set<String> differences(Map<String, String> one, Map<String, String> other) {
    Set<String> different = new TreeSet<>(one.keySet());
    different.addAll(other.keySet());
    different.removeIf(test -> one.getOrDefault(test, "").equals(other.getOrDefault(test, "")));
    return different;
  }

  private static Map<String, String> only(Set<String> tests, Map<String, String> outcomes) {
    Map<String, String> some = new TreeMap<>(outcomes);
    some.keySet().retainAll(tests);
    return some;
  }

  /** What became of each test. */
  private static Map<String, String> run(PublishedSuite suite, @Nullable String options)
      throws Exception {
    TestedJvm jvm = suite.jvm().orElseThrow();
    Path work = Files.createTempDirectory(directory, suite.folder());
    List<Path> libraries;
    try (Stream<Path> jars = Files.list(SUITES.resolve(suite.folder()).resolve("target/suite"))) {
      libraries = jars.sorted().toList();
    }
    List<Path> tests =
        new ArrayList<>(
            libraries.stream()
                .filter(
                    jar -> suite.jars().stream().anyMatch(jar.getFileName().toString()::startsWith))
                .toList());
    assertThat(tests).hasSameSizeAs(suite.jars());
    List<Path> path = new ArrayList<>(libraries);
    if (!suite.sources().isEmpty()) {
      Path classes = compile(suite, jvm, libraries, work);
      tests.add(classes);
      path.add(classes);
    }
    Path hosts =
        Files.writeString(work.resolve("hosts"), "127.0.0.1 localhost localhost.localdomain\n");
    List<String> command = new ArrayList<>();
    command.add(jvm.java().toString());
    if (options != null) {
      command.add("-javaagent:" + PackagedAgent.jar() + "=" + options);
    }
    command.add("-Djdk.net.hosts.file=" + hosts);
    command.addAll(suite.jvmOptions());
    command.addAll(
        List.of("-cp", joined(path), "org.junit.platform.console.ConsoleLauncher", "execute"));
    command.addAll(List.of("--disable-banner", "--details=none", "--reports-dir=" + work));
    command.add("--scan-class-path=" + joined(tests));
    command.add("--include-classname=" + suite.classes());
    String printed = finish(command, work);
    if (options != null) {
      assertThat(printed).contains("INFO freshwire - ").doesNotContain("WARN freshwire");
      boolean off = options.equals("mode=off");
      suite
          .clients()
          .forEach(
              client ->
                  assertThat(printed.contains("INFO freshwire - " + client))
                      .as("%s is found: %s", client, printed)
                      .isEqualTo(!off));
    }
    Map<String, String> outcomes = outcomes(work, printed);
    outcomes.keySet().removeAll(suite.racing());
    return outcomes;
  }

  /** By the compiler of the JVM that runs them: theirs is not always as old as ours. */
  private static Path compile(PublishedSuite suite, TestedJvm jvm, List<Path> libraries, Path work)
      throws Exception {
    Path classes = Files.createDirectory(work.resolve("classes"));
    List<String> command = new ArrayList<>();
    command.add(jvm.home().resolve("bin/javac").toString());
    command.addAll(List.of("-nowarn", "-proc:none", "-cp", joined(libraries), "-d", "" + classes));
    for (Map.Entry<String, String> source : suite.sources().entrySet()) {
      Path file = work.resolve("src").resolve(source.getKey());
      Files.createDirectories(file.getParent());
      command.add(Files.writeString(file, source.getValue()).toString());
    }
    String printed = finish(command, work);
    assertThat(printed).doesNotContain("error:");
    return classes;
  }

  private static String finish(List<String> command, Path work) throws Exception {
    Path log = Files.createTempFile(work, "log", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(work.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try {
      assertThat(process.waitFor(400, TimeUnit.SECONDS)).as("%s ends", command).isTrue();
    } finally {
      process.destroyForcibly();
    }
    return Files.readString(log);
  }

  private static String joined(List<Path> path) {
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  /** Of JUnit 4 and JUnit 5; what is there more than once, by its outcomes together. */
  private static Map<String, String> outcomes(Path reports, String printed) throws IOException {
    Map<String, String> outcomes = new TreeMap<>();
    for (String engine : List.of("jupiter", "vintage")) {
      Path report = reports.resolve("TEST-junit-" + engine + ".xml");
      assertThat(report).as(printed).exists();
      Matcher cases = CASE.matcher(Files.readString(report));
      while (cases.find()) {
        String name = cases.group(2) + "." + cases.group(1);
        String body = cases.group(3);
        Matcher reason = REASON.matcher(body);
        boolean failed = reason.find();
        if (failed) {
          REASONS.put(name, reason.group(1));
        }
        outcomes.merge(
            name,
            failed ? "failed" : body.contains("<skipped") ? "skipped" : "passed",
            (one, other) -> one + ", " + other);
      }
    }
    return outcomes;
  }
}

package dev.freshwire.it.transparency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Feign's own tests, of its client on HttpURLConnection, against a server that is built of OkHttp:
 * where the agent is told to change nothing, the same pass and the same fail.
 */
@EnabledIfSystemProperty(
    named = "freshwire.test.trust",
    matches = "true",
    disabledReason = "runs with integration-tests/trust")
@ExtendWith(CompatibilityRows.class)
class PublishedSuiteIT {
  private static final Path LIBRARIES =
      Path.of(System.getProperty("freshwire.test.clients", "target/clients"), "feign-tests")
          .toAbsolutePath();

  /** Those that make requests. */
  private static final List<String> CLASSES =
      List.of(
          "feign.FeignTest",
          "feign.FeignBuilderTest",
          "feign.LoggerTest",
          "feign.AsyncFeignTest",
          "feign.FeignUnderAsyncTest",
          "feign.TargetTest",
          "feign.OptionsTest",
          "feign.client.DefaultClientTest");

  private static final Pattern CASE =
      Pattern.compile(
          "<testcase name=\"([^\"]*)\" classname=\"([^\"]*)\"[^>]*>(.*?)</testcase>",
          Pattern.DOTALL);

  @TempDir private Path directory;

  private static @Nullable Map<String, String> stock;

  @ParameterizedTest(name = "Feign 13.6, {0}")
  @ValueSource(strings = {"mode=off", "mode=observe", "exclude-hosts=*"})
  void the_same_pass_and_the_same_fail(String options) throws Exception {
    assumeTrue(jvm().feature() >= 21, "Feign's tests are for Java 21 and newer");
    Map<String, String> without = stock();
    assertThat(without).hasSizeGreaterThan(100);
    assertThat(without.values())
        .filteredOn(result -> result.equals("passed"))
        .hasSizeGreaterThan(100);

    Map<String, String> with = run(options);
    assertThat(with).isEqualTo(without);
  }

  private static TestedJvm jvm() {
    return TestedJvm.installed().stream()
        .filter(jvm -> jvm.feature() >= 21)
        .findFirst()
        .orElse(TestedJvm.all().get(0));
  }

  private synchronized Map<String, String> stock() throws Exception {
    if (stock == null) {
      stock = run(null);
    }
    return stock;
  }

  /** What became of each test. */
  private Map<String, String> run(@Nullable String options) throws Exception {
    Path reports = Files.createTempDirectory(directory, "reports");
    List<String> command = new ArrayList<>();
    command.add(jvm().java().toString());
    if (options != null) {
      command.add("-javaagent:" + PackagedAgent.jar() + "=" + options);
    }
    List<Path> path = new ArrayList<>();
    path.addAll(new ClientVersion("okhttp", "4.12.0").jars());
    path.addAll(new ClientVersion("feign", "13.6").jars());
    try (Stream<Path> jars = Files.list(LIBRARIES)) {
      jars.forEach(path::add);
    }
    command.add("-cp");
    command.add(
        path.stream()
            .map(jar -> jar.toAbsolutePath().toString())
            .collect(Collectors.joining(File.pathSeparator)));
    command.add("org.junit.platform.console.ConsoleLauncher");
    command.addAll(List.of("execute", "--disable-banner", "--details=none"));
    command.add("--reports-dir=" + reports);
    CLASSES.forEach(type -> command.add("--select-class=" + type));
    Path log = reports.resolve("log.txt");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      assertThat(process.waitFor(180, TimeUnit.SECONDS)).as("it ends").isTrue();
    } finally {
      process.destroyForcibly();
    }
    String printed = Files.readString(log);
    if (options != null) {
      assertThat(printed).contains("INFO freshwire - ").doesNotContain("WARN freshwire");
    }
    return results(reports.resolve("TEST-junit-jupiter.xml"), printed);
  }

  private static Map<String, String> results(Path report, String printed) throws IOException {
    assertThat(report).as(printed).exists();
    Map<String, String> results = new TreeMap<>();
    Matcher cases = CASE.matcher(Files.readString(report));
    while (cases.find()) {
      String body = cases.group(3);
      results.put(
          cases.group(2) + "." + cases.group(1),
          body.contains("<failure") || body.contains("<error")
              ? "failed"
              : body.contains("<skipped") ? "skipped" : "passed");
    }
    return results;
  }
}

package dev.freshwire.benchmarks.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshwire.benchmarks.Agents;
import dev.freshwire.benchmarks.startup.StartupRace;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the agent takes, beside what was committed: figures that do not depend on how fast the
 * machine is. More than the committed value and its tolerance is a regression.
 */
class FootprintIT {
  private static final String REMEDY =
      "If it is worth it, commit what this writes: mvn verify -pl agent,benchmarks"
          + " -Dit.test=FootprintIT -Dfootprint.update=true, with -Dfreshwire.test.java= and the homes of JDK 17"
          + " and 25; the commit says why it grew.";

  @TempDir Path folder;

  private final SortedMap<String, Long> measured = new TreeMap<>();
  private Path java = Path.of("");

  /** This JVM, or those of {@code -Dfreshwire.test.java}. */
  static List<String> jvms() {
    String homes = System.getProperty("freshwire.test.java", System.getProperty("java.home"));
    return List.of(homes.split(File.pathSeparator));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("jvms")
  void the_agent_takes_no_more_than_was_agreed(String home) throws Exception {
    java = Path.of(home, "bin", "java");
    String feature = feature(home);
    Path file = Path.of("src/test/resources/footprint-" + feature + ".properties");
    boolean update = Boolean.getBoolean("footprint.update");
    assumeThat(update || Files.exists(file))
        .as("values for JDK %s are committed", feature)
        .isTrue();
    assertThat(FootprintIT.class.getResource("/dev/freshwire/premain/FreshwireAgent.class"))
        .as("the agent on the class path, which would be taken for the attached one")
        .isNull();
    measured.put("jar.bytes", Files.size(Agents.freshwireJar()));
    start();
    calls();
    if (update) {
      List<String> lines = new ArrayList<>();
      measured.forEach((name, value) -> lines.add(name + "=" + value));
      Files.write(file, lines);
      return;
    }
    Properties committed = new Properties();
    try (BufferedReader reader = Files.newBufferedReader(file)) {
      committed.load(reader);
    }
    assertThat(committed.stringPropertyNames()).isEqualTo(measured.keySet());
    List<String> grown = new ArrayList<>();
    measured.forEach(
        (name, value) -> {
          long agreed = Long.parseLong(committed.getProperty(name));
          if (value > agreed + tolerance(name, agreed)) {
            grown.add(name + " was " + agreed + " and is " + value);
          }
        });
    assertThat(grown).as(REMEDY).isEmpty();
  }

  /** What differs without a cause: hash tables that grow, classes that a JDK update adds. */
  private static long tolerance(String name, long agreed) {
    if (name.endsWith("bytes")) {
      return Math.max(32, agreed / 100);
    }
    return name.startsWith("classes.loaded") ? Math.max(3, agreed / 100) : 0;
  }

  private static String feature(String home) throws IOException {
    Properties release = new Properties();
    try (BufferedReader reader = Files.newBufferedReader(Path.of(home, "release"))) {
      release.load(reader);
    }
    return release.getProperty("JAVA_VERSION", "").replaceAll("[^0-9.]|\\..*", "");
  }

  private void start() throws Exception {
    try (StartupRace race = new StartupRace()) {
      for (StartupRace.Program program :
          List.of(StartupRace.Program.HELLO_WORLD, StartupRace.Program.FIRST_RESPONSE)) {
        Map<String, Map<String, Double>> census = race.round(java, program, true);
        measured.put(
            "classes.loaded." + program.name().toLowerCase(Locale.ROOT),
            loaded(census, StartupRace.FRESHWIRE) - loaded(census, StartupRace.EMPTY));
      }
    }
  }

  private static long loaded(Map<String, Map<String, Double>> census, String variant) {
    return Math.round(
        census.getOrDefault(variant, Map.of()).getOrDefault("classes loaded", Double.NaN));
  }

  private void calls() throws Exception {
    Path report = folder.resolve("report.json");
    long[] pooled = call(Variant.POOLED, "");
    long[] byHand = call(Variant.FRESH_BY_HAND, "");
    long[] never = call(Variant.AGENT_NEVER, ",report=" + report);
    long[] outside = call(Variant.AGENT_OUT_OF_SCOPE, "");
    measured.put("call.out-of-scope.more.bytes", outside[0] - pooled[0]);
    measured.put("call.never.more.bytes", never[0] - byHand[0]);
    measured.put("call.never.connections.percent", never[1]);
    measured.put("call.out-of-scope.connections.percent", outside[1]);
    JsonNode client = new ObjectMapper().readTree(report.toFile()).get("clients").get(0);
    assertThat(client.get("client").asText()).isEqualTo("okhttp");
    measured.put("classes.rewritten.okhttp", client.get("rewritten").asLong());
  }

  private long[] call(Variant variant, String moreOptions)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.add("-Xint");
    for (String argument : variant.jvmArguments()) {
      command.add(argument + moreOptions);
    }
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            Footprint.class.getName(),
            variant.label()));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String answer = process.inputReader().readLine();
    assertThat(process.waitFor()).as("exit status of %s", command).isZero();
    int blank = answer.indexOf(' ');
    return new long[] {
      Long.parseLong(answer.substring(0, blank)), Long.parseLong(answer.substring(blank + 1))
    };
  }
}

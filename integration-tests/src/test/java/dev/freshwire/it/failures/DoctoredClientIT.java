package dev.freshwire.it.failures;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each method that hooks are for, missing, one at a time: in the client's jar, as a version might
 * have it that nobody has seen yet; or only once the class is loaded, because another agent has had
 * it in its hands. The application's calls go on as without the agent or with it, and no write
 * arrives more often than either way.
 */
@ExtendWith(CompatibilityRows.class)
@ParameterizedClass(name = "{0}")
@MethodSource("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctoredClientIT {
  private static final boolean ALL =
      System.getProperty("freshwire.test.failures", "sample").equals("all");
  private static final String OPTIONS =
      "hosts=localhost,connect-timeout=10s,read-timeout=10s,retry.backoff=1ms..2ms";
  private static final Map<String, String> PACKAGES =
      Map.of(
          "okhttp", "okhttp3/",
          "apache4", "org/apache/http/",
          "apacheasync4", "org/apache/http/",
          "apache5", "org/apache/hc/",
          "ktorcio", "io/ktor/");

  /** Where the method is missing. */
  enum Where {
    JAR,
    LOADED
  }

  private record Outcome(String end, int arrivals) {}

  @TempDir private static Path directory;

  @Parameter(0)
  private @Nullable TestedClient client;

  private @Nullable Map<String, Outcome> whole;

  static List<TestedClient> clients() {
    return TestedClient.oneOfEach().stream()
        .filter(client -> !client.version().version().equals(ClientVersion.OF_THE_JVM))
        .limit(ALL ? Long.MAX_VALUE : 1)
        .toList();
  }

  /** Those of the client in this version. */
  Stream<Arguments> places() {
    TreeSet<String> names = new TreeSet<>();
    SabotagedAgent.hooks(client().version().name())
        .forEach(target -> names.addAll(target.places()));
    names.remove("<init>");
    return names.stream()
        .filter(name -> ALL || name.equals("isEligible$okhttp"))
        .flatMap(name -> Stream.of(Where.values()).map(where -> Arguments.of(name, where)));
  }

  @Execution(ExecutionMode.CONCURRENT)
  @ParameterizedTest(name = "{0} is missing, {1}")
  @MethodSource("places")
  void the_application_goes_on(String name, Where where) throws IOException {
    List<Path> jars = client().version().jars();
    String[] jvmOptions = {};
    if (where == Where.JAR) {
      jars = doctored(jars, name);
    } else {
      jvmOptions = new String[] {"-javaagent:" + doctor() + "=" + prefix() + " " + name};
    }
    Map<String, Outcome> stock;
    try (ForkedClient fork = start(jars, null, jvmOptions)) {
      assumeTrue(works(fork), "the application itself, or the JDK, knows it by that name");
      stock = play(fork);
    }
    ForkedClient fork = start(jars, OPTIONS, jvmOptions);
    Map<String, Outcome> ours = play(fork);
    fork.close();

    String log = fork.stderr();
    boolean leftAlone = log.contains("not enforced, left as it is");
    long errors = fork.report().orElseThrow().errors();
    if (leftAlone) {
      assertThat(ours).as(log).isEqualTo(stock);
      assertThat(errors).as(log).isZero();
    } else if (where == Where.JAR) {
      assertThat(errors).as(log).isZero();
    }
    assertThat(log.lines().filter(line -> line.startsWith("WARN freshwire")).distinct().count())
        .as(log)
        .isEqualTo(log.lines().filter(line -> line.startsWith("WARN freshwire")).count());
    ours.forEach(
        (call, outcome) -> {
          Outcome without = Objects.requireNonNull(stock.get(call));
          Outcome with = Objects.requireNonNull(whole().get(call));
          assertThat(outcome.end())
              .as("%s, without %s, with %s: %s", call, without, with, log)
              .isIn(without.end(), with.end());
          assertThat(outcome.arrivals())
              .as("%s, without %s, with %s: %s", call, without, with, log)
              .isLessThanOrEqualTo(Math.max(without.arrivals(), with.arrivals()));
        });
  }

  private boolean works(ForkedClient fork) {
    try {
      return one(fork, "GET", Script.always(answer())).end().equals("200");
    } catch (IllegalStateException noClient) {
      return false;
    }
  }

  private Map<String, Outcome> play(ForkedClient fork) {
    Map<String, Outcome> seen = new LinkedHashMap<>();
    for (String method : List.of("GET", "POST")) {
      seen.put(method + " answered", one(fork, method, Script.always(answer())));
      seen.put(method + " reset once", one(fork, method, Script.inTurn(Faults.reset(), answer())));
      seen.put(
          method + " unavailable once",
          one(fork, method, Script.inTurn(Faults.reject(503, Map.of()), answer())));
    }
    return seen;
  }

  private static Outcome one(ForkedClient fork, String method, Script script) {
    try (FaultServer server = FaultServer.start(Protocol.H1, script);
        ForkedClient.Session session = fork.open(Map.of("readTimeout", 15_000))) {
      CallResult result = session.call(CallSpec.of(method, server.url("localhost", "/"), "r"));
      String end =
          result.pending()
              ? "pending"
              : result.failed() ? "failed" : Integer.toString(result.status());
      return new Outcome(end, server.ledger().arrivals("r"));
    }
  }

  private ForkedClient start(List<Path> jars, @Nullable String options, String... jvmOptions) {
    return ForkedClient.start(
        TestedJvm.all().get(0),
        "doctored " + client(),
        jars,
        client().driver(),
        options,
        jvmOptions);
  }

  private synchronized Map<String, Outcome> whole() {
    Map<String, Outcome> known = whole;
    if (known == null) {
      try (ForkedClient fork = start(client().version().jars(), OPTIONS)) {
        known = play(fork);
        whole = known;
      }
    }
    return known;
  }

  private String prefix() {
    return Objects.requireNonNull(PACKAGES.get(client().version().name()));
  }

  /** Copies of the jars that have the client's classes; the others as they are. */
  private List<Path> doctored(List<Path> jars, String name) throws IOException {
    Path to = Files.createTempDirectory(directory, "doctored");
    List<Path> doctored = new ArrayList<>();
    for (Path jar : jars) {
      try (JarFile from = new JarFile(jar.toFile())) {
        boolean clients = from.stream().anyMatch(entry -> entry.getName().startsWith(prefix()));
        if (!clients) {
          doctored.add(jar);
          continue;
        }
        Path copy = to.resolve(jar.getFileName());
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(copy))) {
          for (JarEntry entry : from.stream().toList()) {
            byte[] bytes = from.getInputStream(entry).readAllBytes();
            out.putNextEntry(new JarEntry(entry.getName()));
            out.write(entry.getName().endsWith(".class") ? Doctor.renamed(bytes, name) : bytes);
            out.closeEntry();
          }
        }
        doctored.add(copy);
      }
    }
    return doctored;
  }

  private static synchronized Path doctor() throws IOException {
    Path jar = directory.resolve("doctor.jar");
    return Files.exists(jar) ? jar : Doctor.jar(jar);
  }

  private TestedClient client() {
    return Objects.requireNonNull(client);
  }
}

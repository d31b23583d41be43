package dev.freshwire.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Where the agents are that are measured, as arguments of a JVM. */
public final class Agents {
  /** System property with the path of Freshwire's jar; by default where the build puts it. */
  public static final String PROPERTY = "benchmarks.agent";

  private static final Path OTHERS = Path.of("benchmarks/target/agents");

  private Agents() {}

  /** Freshwire, ready for {@code =options}. */
  public static String freshwire() {
    return "-javaagent:" + freshwireJar().toAbsolutePath();
  }

  /** Freshwire's jar. */
  public static Path freshwireJar() {
    return present(
        Path.of(System.getProperty(PROPERTY, "agent/target/freshwire-agent.jar")),
        "build it, or say where it is with -D" + PROPERTY + "=");
  }

  /** OpenTelemetry's, exporting nothing. */
  public static List<String> openTelemetry() {
    return List.of(
        other("opentelemetry-javaagent.jar"),
        "-Dotel.traces.exporter=none",
        "-Dotel.metrics.exporter=none",
        "-Dotel.logs.exporter=none");
  }

  /** JaCoCo's, writing nothing. */
  public static List<String> jacoco() {
    return List.of(other("jacocoagent.jar") + "=output=none");
  }

  /** Whether {@code mvn -Pyardsticks package} fetched the others. */
  public static boolean hasOthers() {
    return Files.isDirectory(OTHERS);
  }

  private static String other(String jar) {
    return "-javaagent:"
        + present(OTHERS.resolve(jar), "mvn -Pyardsticks package fetches it").toAbsolutePath();
  }

  private static Path present(Path jar, String remedy) {
    if (!Files.isRegularFile(jar)) {
      throw new IllegalStateException("No agent at " + jar + ": " + remedy);
    }
    return jar;
  }
}

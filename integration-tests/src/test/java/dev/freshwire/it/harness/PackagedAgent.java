package dev.freshwire.it.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** The agent as it is delivered: one jar, named by the system property {@code freshwire.agent}. */
public final class PackagedAgent {
  private static final Path JAR =
      Path.of(System.getProperty("freshwire.agent", "../agent/target/freshwire-agent.jar"))
          .toAbsolutePath()
          .normalize();

  private PackagedAgent() {}

  /** Without the jar every JVM runs unprotected, and the tests that expect protection fail. */
  public static boolean present() {
    return Files.isRegularFile(JAR);
  }

  public static Path jar() {
    return JAR;
  }
}

package dev.freshwire.it.harness;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;

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

  /** Whether the agent knows a client; one that is held back (see the agent's POM) it does not. */
  public static boolean knows(String client) {
    try (JarFile jar = new JarFile(JAR.toFile());
        InputStream clients = jar.getInputStream(jar.getJarEntry("inst/clients.txt"))) {
      return new String(clients.readAllBytes(), StandardCharsets.US_ASCII)
          .lines()
          .anyMatch(line -> line.matches("client +" + client));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static boolean knowsKtorCio() {
    return knows("ktorcio");
  }

  public static Path jar() {
    return JAR;
  }
}

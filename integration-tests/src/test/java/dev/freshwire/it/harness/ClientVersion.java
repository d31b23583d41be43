package dev.freshwire.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One version of one client library, with the class path that the build laid out for it.
 *
 * @param name of its directory below {@code target/clients}, before the dash
 */
public record ClientVersion(String name, String version) {
  /** The version of a client that comes with the JVM. */
  public static final String OF_THE_JVM = "of the JVM";

  private static final Path CLIENTS =
      Path.of(System.getProperty("freshwire.test.clients", "target/clients"));

  /** The library's jars. */
  public List<Path> jars() {
    if (version.equals(OF_THE_JVM)) {
      return List.of();
    }
    Path directory = CLIENTS.resolve(name + "-" + version);
    List<Path> jars = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*.jar")) {
      files.forEach(jars::add);
    } catch (IOException e) {
      throw new UncheckedIOException("the build lays out " + directory, e);
    }
    return jars;
  }

  @Override
  public String toString() {
    return name + " " + version;
  }
}

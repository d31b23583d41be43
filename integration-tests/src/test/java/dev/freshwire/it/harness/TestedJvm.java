package dev.freshwire.it.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;

/**
 * A JVM that clients are run in.
 *
 * @param home its {@code JAVA_HOME}
 * @param version as its release file says, such as {@code 25.0.1}
 */
public record TestedJvm(Path home, String version) {
  /**
   * Those named by the system property {@code freshwire.test.java} (home directories, separated as
   * a class path is); otherwise the one that the tests run on.
   */
  public static List<TestedJvm> all() {
    List<TestedJvm> found = new ArrayList<>();
    String named = System.getProperty("freshwire.test.java", "");
    if (!named.isEmpty()) {
      for (String home : named.split(java.io.File.pathSeparator, -1)) {
        found.add(at(Path.of(home)));
      }
      return found;
    }
    found.add(at(Path.of(System.getProperty("java.home"))));
    return found;
  }

  /** Every JVM below {@code /usr/lib/jvm} that says what it is. */
  public static List<TestedJvm> installed() {
    List<TestedJvm> found = new ArrayList<>();
    try (DirectoryStream<Path> homes = Files.newDirectoryStream(Path.of("/usr/lib/jvm"))) {
      for (Path home : homes) {
        if (Files.isRegularFile(home.resolve("release"))
            && Files.isExecutable(home.resolve("bin/java"))) {
          found.add(at(home));
        }
      }
    } catch (IOException none) {
      // Elsewhere than on Debian there is no such place.
    }
    return found;
  }

  public Path java() {
    return home.resolve("bin/java");
  }

  public int feature() {
    String[] parts = version.split("[._+-]", -1);
    return Integer.parseInt(parts[0].equals("1") ? parts[1] : parts[0]);
  }

  /** The third number of the version, 15 of 17.0.15; 0 where there is none. */
  public int update() {
    String[] parts = version.split("[._+-]", -1);
    return parts.length < 3 ? 0 : Integer.parseInt(parts[2]);
  }

  private static TestedJvm at(Path home) {
    Properties release = new Properties();
    try (var in = Files.newBufferedReader(home.resolve("release"))) {
      release.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("no JVM at " + home, e);
    }
    return new TestedJvm(home, release.getProperty("JAVA_VERSION", "0").replace("\"", ""));
  }

  @Override
  public String toString() {
    return "Java " + version;
  }
}

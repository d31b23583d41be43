package dev.freshwire.it.supabase;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A version of supabase-kt, and the application that the build compiled against it. */
enum SupabaseVersion {
  V2_6("2.6"),
  V3_0("3.0"),
  NEWEST("newest");

  private static final Path MODULES =
      Path.of(System.getProperty("freshwire.test.supabase", "supabase-kt"));

  private final String folder;

  SupabaseVersion(String folder) {
    this.folder = folder;
  }

  /**
   * Those that the system property {@code freshwire.test.versions} chooses: the newest without it,
   * {@code middle} is every other one.
   */
  static List<SupabaseVersion> tested() {
    String wanted = System.getProperty("freshwire.test.versions", "newest");
    return switch (wanted) {
      case "all", "ends" -> List.of(values());
      case "middle" -> List.of(V2_6, V3_0);
      default ->
          Stream.of(values())
              .filter(v -> List.of(wanted.split(",", -1)).contains(v.folder))
              .toList();
    };
  }

  /** Whether every version is asked for, and with it every engine. */
  static boolean all() {
    return tested().size() > 1;
  }

  /** The engines that the application is built with; on 3.0 without Apache HttpClient 5. */
  List<Engine> engines() {
    List<Engine> engines = new ArrayList<>(List.of(Engine.values()));
    if (this == V3_0) {
      engines.remove(Engine.APACHE5);
    }
    return engines;
  }

  /** Whether the application is built with Storage and Functions; on 2.6 it is not. */
  boolean hasStorageAndFunctions() {
    return this != V2_6;
  }

  /** How often it makes a select that fails: from 3.6 on it tries again by itself. */
  int attempts() {
    return this == NEWEST ? 4 : 1;
  }

  /** The application and its libraries. */
  List<Path> classPath() {
    Path target = MODULES.resolve(folder).resolve("target").toAbsolutePath();
    List<Path> classPath = new ArrayList<>(List.of(target.resolve("classes")));
    try (DirectoryStream<Path> jars = Files.newDirectoryStream(target.resolve("lib"), "*.jar")) {
      jars.forEach(classPath::add);
    } catch (IOException e) {
      throw new UncheckedIOException("the build lays out " + target.resolve("lib"), e);
    }
    return classPath;
  }

  @Override
  public String toString() {
    return "supabase-kt " + folder;
  }
}

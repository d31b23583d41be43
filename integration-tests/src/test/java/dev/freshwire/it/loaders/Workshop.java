package dev.freshwire.it.loaders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.harness.ClientVersion;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;

/** Makes the applications that the tests run, and runs them. */
public final class Workshop {
  /** How a program ended. */
  public record Ended(int status, String out, String err) {}

  private final Path directory;

  public Workshop(Path directory) {
    this.directory = directory;
  }

  /** A container or an agent that the build laid out. */
  static Path beside(String artifact) {
    return Path.of(System.getProperty("freshwire.test.clients", "target/clients"))
        .resolve("beside/" + artifact + ".jar")
        .toAbsolutePath();
  }

  static List<Path> okhttp(String version) {
    return new ClientVersion("okhttp", version).jars().stream().map(Path::toAbsolutePath).toList();
  }

  public static String path(List<Path> entries) {
    return entries.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  Path directory() {
    return directory;
  }

  /**
   * Compiles sources, by the name of their file.
   *
   * @return the folder with the classes
   */
  public Path compile(String name, Map<String, String> sources, String... options)
      throws IOException {
    Path from = directory.resolve(name + "-src");
    Path to = Files.createDirectories(directory.resolve(name));
    List<String> arguments = new ArrayList<>(List.of("-d", to.toString(), "-nowarn", "-proc:none"));
    arguments.addAll(List.of(options));
    for (Map.Entry<String, String> source : sources.entrySet()) {
      Path file = from.resolve(source.getKey());
      Files.createDirectories(file.getParent());
      Files.writeString(file, source.getValue());
      arguments.add(file.toString());
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(null, null, null, arguments.toArray(String[]::new));
    assertThat(status).as("javac").isZero();
    return to;
  }

  /** The files below a folder, by their path in it, behind a prefix. */
  static Map<String, byte[]> files(Path folder, String prefix) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        files.put(
            prefix + folder.relativize(file).toString().replace(File.separatorChar, '/'),
            Files.readAllBytes(file));
      }
    }
    return files;
  }

  /** Writes a jar; jars in it are stored, so that they can be read in place. */
  Path jar(String name, Map<String, String> manifest, Map<String, byte[]> files)
      throws IOException {
    Manifest written = new Manifest();
    written.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.forEach((key, value) -> written.getMainAttributes().putValue(key, value));
    Path jar = directory.resolve(name);
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), written)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        JarEntry entry = new JarEntry(file.getKey());
        if (file.getKey().endsWith(".jar")) {
          CRC32 crc = new CRC32();
          crc.update(file.getValue());
          entry.setMethod(ZipEntry.STORED);
          entry.setSize(file.getValue().length);
          entry.setCrc(crc.getValue());
        }
        out.putNextEntry(entry);
        out.write(file.getValue());
        out.closeEntry();
      }
    }
    return jar;
  }

  /** Runs a program to its end. */
  public Ended run(String program, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(program);
    command.addAll(arguments);
    Path out = Files.createTempFile(directory, "out", ".txt");
    Path err = Files.createTempFile(directory, "err", ".txt");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(process.waitFor(240, TimeUnit.SECONDS))
          .as("%s ends: %s", program, Files.readString(err))
          .isTrue();
    } finally {
      process.destroyForcibly();
    }
    return new Ended(
        process.exitValue(),
        Files.readString(out, StandardCharsets.UTF_8),
        Files.readString(err, StandardCharsets.UTF_8));
  }
}

package dev.freshwire.benchmarks.report;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/** What figures have to be read beside. */
final class Environment {
  private Environment() {}

  static SortedMap<String, String> here(String command, List<String> jdks) throws Exception {
    SortedMap<String, String> all = new TreeMap<>();
    var system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    all.put(
        "machine",
        processor()
            + ", "
            + system.getAvailableProcessors()
            + " processors, "
            + Math.round(system.getTotalMemorySize() / 1e9)
            + " GB");
    all.put("kernel", system.getName() + " " + system.getVersion() + " " + system.getArch());
    all.put("command", command);
    all.put("commit", answer("git", "describe", "--always", "--dirty", "--abbrev=12"));
    all.put("date", Instant.now().truncatedTo(ChronoUnit.MINUTES).toString());
    for (String home : jdks) {
      all.put("JDK " + Startup.feature(home), release(home));
    }
    all.put("calls on JDK", Runtime.version().toString());
    return all;
  }

  private static String processor() throws IOException {
    Path file = Path.of("/proc/cpuinfo");
    if (Files.isReadable(file)) {
      for (String line : Files.readAllLines(file)) {
        if (line.startsWith("model name")) {
          return line.substring(line.indexOf(':') + 1).strip();
        }
      }
    }
    return "unknown processor";
  }

  private static String release(String home) throws IOException {
    StringBuilder found = new StringBuilder();
    for (String line : Files.readAllLines(Path.of(home, "release"))) {
      if (line.startsWith("IMPLEMENTOR=") || line.startsWith("JAVA_RUNTIME_VERSION=")) {
        found.append(line.substring(line.indexOf('=') + 1).replace("\"", "")).append(' ');
      }
    }
    return found.toString().strip();
  }

  /** The first line that a command says, or that it is not known. */
  private static String answer(String... command) throws InterruptedException {
    try {
      Process process = new ProcessBuilder(command).start();
      String said =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? said : "unknown";
    } catch (IOException e) {
      return "unknown";
    }
  }
}

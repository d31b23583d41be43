package dev.freshwire.benchmarks.startup;

import com.sun.net.httpserver.HttpServer;
import dev.freshwire.benchmarks.Agents;
import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Starts JVMs in turn, without an agent, with an empty one, with Freshwire and with others. The
 * empty agent is the floor: what {@code -javaagent} costs by itself.
 */
public final class StartupRace implements AutoCloseable {

  /** What is started. */
  public enum Program {
    /** The least a JVM can do. */
    HELLO_WORLD("hello world", HelloWorld.class),
    /** OkHttp until its first response. */
    FIRST_RESPONSE("OkHttp's first response", FirstResponse.class),
    /** A web application of Spring Boot until it is ready. */
    SPRING_BOOT("Spring Boot ready", SpringBootReady.class) {
      @Override
      public boolean isPresent() {
        return Files.isDirectory(SPRING);
      }

      // Apart from the benchmarks' own libraries, whose SLF4J provider Spring Boot would refuse.
      @Override
      String classPath() {
        return Path.of("benchmarks/target/original-benchmarks.jar")
            + File.pathSeparator
            + SPRING
            + "/*";
      }
    };

    private static final Path SPRING = Path.of("benchmarks/target/spring-boot");

    private final String label;
    private final Class<?> main;

    Program(String label, Class<?> main) {
      this.label = label;
      this.main = main;
    }

    /** The name shown in results. */
    public String label() {
      return label;
    }

    /** Whether what it needs is there: {@code mvn -Pyardsticks package} fetches it. */
    public boolean isPresent() {
      return true;
    }

    String classPath() {
      return System.getProperty("java.class.path");
    }
  }

  /** The variant without an agent. */
  public static final String NONE = "none";

  /** The variant with an agent that does nothing. */
  public static final String EMPTY = "empty agent";

  /** The variant with this project's agent. */
  public static final String FRESHWIRE = "freshwire";

  private static final Pattern METASPACE = Pattern.compile("Metaspace\\s+used (\\d+)K");
  private static final Pattern RESIDENT = Pattern.compile("VmHWM:\\s+(\\d+) kB");

  private final Path empty;
  private final HttpServer server;
  private final Map<String, List<String>> variants = new LinkedHashMap<>();

  /** Makes the empty agent and a server for the programs that want one. */
  public StartupRace() throws IOException {
    empty = emptyAgent();
    server = server();
    variants.put(NONE, List.of());
    variants.put(EMPTY, List.of("-javaagent:" + empty));
    variants.put(FRESHWIRE, List.of(Agents.freshwire()));
    if (Agents.hasOthers()) {
      variants.put("JaCoCo's agent", Agents.jacoco());
      variants.put("OpenTelemetry's agent", Agents.openTelemetry());
    }
  }

  /**
   * Starts each variant once.
   *
   * @param census to count classes and bytes, which takes time, instead of measuring the time
   */
  public Map<String, Map<String, Double>> round(Path java, Program program, boolean census)
      throws IOException, InterruptedException {
    Map<String, Map<String, Double>> results = new LinkedHashMap<>();
    for (Map.Entry<String, List<String>> variant : variants.entrySet()) {
      List<String> command = new ArrayList<>(List.of(java.toString()));
      command.addAll(variant.getValue());
      if (census) {
        // The metaspace stands under gc+heap+exit until JDK 24, then under gc+exit.
        command.addAll(List.of("-Xlog:class+load,gc+heap+exit,gc+exit", "-Dcensus=true"));
      }
      command.addAll(List.of("-cp", program.classPath()));
      command.add(program.main.getName());
      command.add("http://localhost:" + server.getAddress().getPort() + "/");
      results.put(variant.getKey(), census ? count(command) : Map.of("wall ms", time(command)));
    }
    return results;
  }

  private static double time(List<String> command) throws IOException, InterruptedException {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int status = process.waitFor();
    double millis = (System.nanoTime() - start) / 1e6;
    succeeded(status, command);
    return millis;
  }

  private static Map<String, Double> count(List<String> command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    double loaded = 0;
    double shared = 0;
    Map<String, Double> counts = new HashMap<>();
    for (String line : (Iterable<String>) process.inputReader().lines()::iterator) {
      if (line.contains("source: ")) {
        loaded++;
        shared += line.contains("shared objects file") ? 1 : 0;
      }
      put(counts, "metaspace KB", METASPACE.matcher(line));
      put(counts, "resident KB", RESIDENT.matcher(line));
    }
    succeeded(process.waitFor(), command);
    counts.put("classes loaded", loaded);
    counts.put("classes from the archive", shared);
    return counts;
  }

  private static void put(Map<String, Double> counts, String name, Matcher matcher) {
    if (matcher.find()) {
      counts.put(name, Double.valueOf(matcher.group(1)));
    }
  }

  private static void succeeded(int status, List<String> command) throws IOException {
    if (status != 0) {
      throw new IOException("exit status " + status + ": " + command);
    }
  }

  @Override
  public void close() throws IOException {
    server.stop(0);
    Files.delete(empty);
  }

  private static HttpServer server() throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getByName("localhost"), 0), 0);
    byte[] body = "hello".getBytes(StandardCharsets.US_ASCII);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, body.length);
          try (OutputStream out = exchange.getResponseBody()) {
            out.write(body);
          }
        });
    server.start();
    return server;
  }

  /** A premain that returns. */
  public static final class Empty {
    private Empty() {}

    /** Returns. */
    public static void premain(String arguments, Instrumentation instrumentation) {}
  }

  private static Path emptyAgent() throws IOException {
    Path jar = Files.createTempFile("empty-agent", ".jar");
    Manifest manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().putValue("Premain-Class", Empty.class.getName());
    manifest.getMainAttributes().putValue("Can-Retransform-Classes", "true");
    String entry = Empty.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        var in = Empty.class.getClassLoader().getResourceAsStream(entry)) {
      if (in == null) {
        throw new IOException(entry);
      }
      out.putNextEntry(new JarEntry(entry));
      out.write(in.readAllBytes());
    }
    return jar;
  }
}

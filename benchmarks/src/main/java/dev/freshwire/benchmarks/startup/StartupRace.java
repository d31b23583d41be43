package dev.freshwire.benchmarks.startup;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * Starts JVMs in turn, without an agent, with an empty one and with Freshwire, and prints medians
 * with their quartiles. The empty agent is the floor: what {@code -javaagent} costs by itself.
 */
public final class StartupRace {
  private static final String[] VARIANTS = {"none", "empty agent", "freshwire"};

  private final String java;
  private final String[][] agents;
  private final int runs;

  private StartupRace(String java, String[][] agents, int runs) {
    this.java = java;
    this.agents = agents;
    this.runs = runs;
  }

  /**
   * Takes the number of runs of each variant (20 unless told) and the JDKs to run on (the running
   * one unless told).
   */
  public static void main(String[] arguments) throws Exception {
    int runs = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 20;
    List<String> homes =
        arguments.length > 1
            ? Arrays.asList(arguments).subList(1, arguments.length)
            : List.of(System.getProperty("java.home"));
    Path agent = Path.of(System.getProperty("freshwire.agent", "agent/target/freshwire-agent.jar"));
    if (!Files.isRegularFile(agent)) {
      throw new IOException(agent.toAbsolutePath() + " is not there: mvn package makes it");
    }
    Path empty = emptyAgent();
    String[][] agents = {{}, {"-javaagent:" + empty}, {"-javaagent:" + agent}};
    HttpServer server = server();
    String url = "http://localhost:" + server.getAddress().getPort() + "/";
    try {
      for (String home : homes) {
        System.out.println("JDK at " + home + ", " + runs + " interleaved runs, milliseconds");
        StartupRace race = new StartupRace(Path.of(home, "bin", "java").toString(), agents, runs);
        race.run("hello world", HelloWorld.class.getName());
        race.run("OkHttp's first response", FirstResponse.class.getName(), url);
      }
    } finally {
      server.stop(0);
      Files.delete(empty);
    }
  }

  private void run(String title, String... program) throws Exception {
    double[][] millis = new double[VARIANTS.length][runs];
    // The first round fills the file system's caches.
    for (int run = -1; run < runs; run++) {
      for (int variant = 0; variant < VARIANTS.length; variant++) {
        double took = start(agents[variant], program);
        if (run >= 0) {
          millis[variant][run] = took;
        }
      }
    }
    System.out.println(title);
    for (int variant = 0; variant < VARIANTS.length; variant++) {
      Arrays.sort(millis[variant]);
      System.out.printf(
          Locale.ROOT,
          "  %-12s median %6.1f   quartiles %6.1f .. %6.1f   least %6.1f%n",
          VARIANTS[variant],
          quantile(millis[variant], 0.5),
          quantile(millis[variant], 0.25),
          quantile(millis[variant], 0.75),
          millis[variant][0]);
    }
    double none = quantile(millis[0], 0.5);
    double empty = quantile(millis[1], 0.5);
    double ours = quantile(millis[2], 0.5);
    System.out.printf(
        Locale.ROOT,
        "  (freshwire - none) / (empty agent - none) = %.2f; freshwire - empty agent = %.1f ms%n",
        (ours - none) / (empty - none),
        ours - empty);
  }

  private double start(String[] agent, String... program) throws Exception {
    List<String> command = new ArrayList<>(List.of(java));
    command.addAll(List.of(agent));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(program));
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    int status = process.waitFor();
    double millis = (System.nanoTime() - start) / 1e6;
    if (status != 0) {
      throw new IOException("exit status " + status + ": " + command);
    }
    return millis;
  }

  private static double quantile(double[] sorted, double share) {
    return sorted[(int) Math.round(share * (sorted.length - 1))];
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

package dev.freshwire.it.supabase;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.twin.SupabaseTwin;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The application in a JVM of its own, with a home directory of its own. Several threads may use
 * it.
 */
final class ForkedApplication implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Duration EXIT = Duration.ofSeconds(20);

  private final ObjectMapper mapper = new ObjectMapper();
  private final Path home;
  private final Path stderr;
  private final Path reportFile;
  private final Process process;
  private final Writer commands;
  private final AtomicLong seq = new AtomicLong();
  private final Map<Long, CompletableFuture<JsonNode>> waiting = new ConcurrentHashMap<>();

  private ForkedApplication(Path home, Path stderr, Path reportFile, Process process) {
    this.home = home;
    this.stderr = stderr;
    this.reportFile = reportFile;
    this.process = process;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    Thread reader = new Thread(this::readAnswers, "application-" + process.pid());
    reader.setDaemon(true);
    reader.start();
  }

  /**
   * Starts it.
   *
   * @param home is the user's home and holds the user's preferences
   * @param agentOptions as they stand after the {@code =} of {@code -javaagent}; null: no agent
   */
  static ForkedApplication start(
      TestedJvm jvm, SupabaseVersion version, Path home, @Nullable String agentOptions) {
    try {
      Files.createDirectories(home);
      Path beside = Files.createTempDirectory("freshwire-supabase");
      Path report = beside.resolve("report.json");
      List<String> command = new ArrayList<>();
      command.add(jvm.java().toString());
      command.add("-Xmx256m");
      command.add("-XX:TieredStopAtLevel=1");
      command.add("-Djava.net.preferIPv4Stack=true");
      command.add("-Duser.home=" + home);
      command.add("-Djava.util.prefs.userRoot=" + home);
      command.add("-Djava.util.prefs.systemRoot=" + home.resolve("system"));
      if (agentOptions != null) {
        command.add("-javaagent:" + PackagedAgent.jar() + "=" + agentOptions + ",report=" + report);
      }
      command.add("-cp");
      command.add(
          version.classPath().stream()
              .map(Path::toString)
              .collect(Collectors.joining(File.pathSeparator)));
      command.add("dev.freshwire.it.supabase.MainKt");
      Path stderr = beside.resolve("stderr.txt");
      return new ForkedApplication(
          home, stderr, report, new ProcessBuilder(command).redirectError(stderr.toFile()).start());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** One client object. */
  final class Project implements AutoCloseable {
    private final ObjectNode settings;

    private Project(ObjectNode settings) {
      this.settings = settings;
      send("open");
    }

    /** Has it done and waits; what went wrong is thrown. */
    JsonNode perform(String what, String... arguments) {
      return send(what, arguments);
    }

    private JsonNode send(String what, String... arguments) {
      ObjectNode command = settings.deepCopy().put("do", what);
      for (int i = 0; i < arguments.length; i += 2) {
        command.put(arguments[i], arguments[i + 1]);
      }
      return answer(command);
    }

    @Override
    public void close() {
      send("close");
    }
  }

  /**
   * A new client object.
   *
   * @param more further settings, keys and values in turn
   */
  Project open(String url, Engine engine, String... more) {
    ObjectNode settings =
        mapper
            .createObjectNode()
            .put("project", "project" + seq.incrementAndGet())
            .put("url", url)
            .put("key", SupabaseTwin.ANON_KEY)
            .put("engine", engine.name());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new Project(settings);
  }

  private JsonNode answer(ObjectNode command) {
    long number = seq.incrementAndGet();
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    try {
      synchronized (commands) {
        commands.write(command.put("seq", number) + "\n");
        commands.flush();
      }
      JsonNode node = answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
      if (node.has("failure")) {
        throw new ApplicationFailure(command.path("do").asText(), node.path("failure").asText());
      }
      return node.path("result");
    } catch (IOException | InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException(
          "no answer to " + command.path("do") + "; it printed: " + stderr(), e);
    }
  }

  private void readAnswers() {
    try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        JsonNode answer = mapper.readTree(line);
        Objects.requireNonNull(waiting.remove(answer.path("seq").asLong())).complete(answer);
      }
    } catch (IOException e) {
      // It has ended: the waiting ones are told below.
    } finally {
      waiting.values().forEach(w -> w.completeExceptionally(new IOException("the JVM has ended")));
    }
  }

  /** What the JVM printed on its standard error so far. */
  String stderr() {
    try {
      return Files.readString(stderr);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the user's preferences hold; empty where there are none. */
  String preferences() {
    return preferences(home);
  }

  static String preferences(Path home) {
    Path file = home.resolve(".java/.userPrefs/prefs.xml");
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The agent's report; after {@link #close}. */
  AgentReport report() {
    return AgentReport.read(reportFile).orElseThrow();
  }

  /** Ends the JVM in an orderly way: preferences are written then at the latest. */
  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(EXIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the JVM does not end: " + stderr());
      }
    } catch (IOException e) {
      // It has ended already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  /** Something that the application was asked for and failed at. */
  static final class ApplicationFailure extends RuntimeException {
    private static final long serialVersionUID = 1;

    ApplicationFailure(String what, String failure) {
      super(what + ": " + failure);
    }
  }
}

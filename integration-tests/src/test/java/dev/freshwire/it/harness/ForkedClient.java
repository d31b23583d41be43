package dev.freshwire.it.harness;

import dev.freshwire.it.driver.Driver;
import dev.freshwire.it.driver.Json;
import dev.freshwire.it.faults.Identity;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * One forked JVM with one version of one client library on its class path. Many client objects can
 * live in it, each a {@link Session}. Safe for use by several threads.
 */
public final class ForkedClient implements AutoCloseable {
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Duration EXIT = Duration.ofSeconds(15);

  private final String name;
  private final Process process;
  private final Path directory;
  private final Writer commands;
  private final Thread stderrReader;
  private final StringBuilder stderr = new StringBuilder();
  private final AtomicLong seq = new AtomicLong();
  private final Map<Long, CompletableFuture<Map<String, Object>>> waiting =
      new ConcurrentHashMap<>();

  private ForkedClient(String name, Process process, Path directory) {
    this.name = name;
    this.process = process;
    this.directory = directory;
    this.commands = process.outputWriter(StandardCharsets.UTF_8);
    reader("answers", this::readAnswers);
    this.stderrReader = reader("stderr", this::readStderr);
  }

  /** As below. */
  public static ForkedClient start(
      TestedJvm jvm,
      ClientVersion version,
      Class<?> implementation,
      @Nullable String agentOptions,
      String... jvmOptions) {
    return start(jvm, version, implementation.getName(), agentOptions, jvmOptions);
  }

  /**
   * Starts the JVM.
   *
   * @param implementation name of the {@link dev.freshwire.it.driver.ClientUnderTest} to drive
   * @param agentOptions as they stand after the {@code =} of {@code -javaagent}; null: no agent
   * @param jvmOptions besides those that every fork has
   */
  public static ForkedClient start(
      TestedJvm jvm,
      ClientVersion version,
      String implementation,
      @Nullable String agentOptions,
      String... jvmOptions) {
    return start(jvm, version.toString(), version.jars(), implementation, agentOptions, jvmOptions);
  }

  /** The same with these jars as the library. */
  public static ForkedClient start(
      TestedJvm jvm,
      String title,
      List<Path> jars,
      String implementation,
      @Nullable String agentOptions,
      String... jvmOptions) {
    try {
      Path directory = Files.createTempDirectory("freshwire-fork");
      Path trustStore = directory.resolve("trust.jks");
      Identity.ofThisJvm().writeTrustStore(trustStore);
      List<String> command = new ArrayList<>();
      command.add(jvm.java().toString());
      command.add("-Xmx512m");
      command.add("-XX:TieredStopAtLevel=1");
      command.add("-Djava.net.preferIPv4Stack=true");
      command.add("-Djavax.net.ssl.trustStore=" + trustStore);
      command.add("-Djavax.net.ssl.trustStorePassword=" + Identity.TRUST_STORE_PASSWORD);
      command.addAll(List.of(jvmOptions));
      if (agentOptions != null && PackagedAgent.present()) {
        command.add(
            "-javaagent:"
                + PackagedAgent.jar()
                + "="
                + agentOptions
                + ",report="
                + directory.resolve("report.json"));
      }
      StringBuilder classPath = new StringBuilder();
      for (Path jar : jars) {
        classPath.append(jar.toAbsolutePath()).append(File.pathSeparator);
      }
      classPath.append(driverClasses());
      command.add("-cp");
      command.add(classPath.toString());
      command.add(Driver.class.getName());
      command.add(implementation);
      return new ForkedClient(title + " on " + jvm, new ProcessBuilder(command).start(), directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path driverClasses() {
    try {
      return Path.of(Driver.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /** One client object in the forked JVM. */
  public final class Session implements AutoCloseable {
    private final String name = "client" + seq.incrementAndGet();
    private final AtomicBoolean closed = new AtomicBoolean();

    private Session(Map<String, ?> settings) {
      Map<String, Object> command = command("open", settings);
      Map<String, Object> answer = answer(send(command), ANSWER);
      if (answer.containsKey("failure")) {
        throw new IllegalStateException("no client: " + CallResult.of(answer));
      }
    }

    /** Makes the call and waits for its end, for at most half a minute. */
    public CallResult call(CallSpec spec) {
      return start(spec).await(ANSWER);
    }

    /** Makes the call and does not wait. */
    public Running start(CallSpec spec) {
      Map<String, Object> command = command("call", spec.values());
      return new Running(this, Objects.toString(command.get("ticket")), send(command));
    }

    /**
     * Makes many calls, so many at a time, ids numbered from 0.
     *
     * @param methods take turns
     */
    public List<CallResult> burst(
        String url,
        List<String> methods,
        String idPrefix,
        int count,
        int concurrency,
        Duration atMost) {
      return burst(url, methods, idPrefix, count, concurrency, atMost, Map.of());
    }

    /**
     * As above.
     *
     * @param more of what {@link dev.freshwire.it.driver.Call} takes, for all of them; and {@code
     *     perSecond}, how many begin in a second at most
     */
    public List<CallResult> burst(
        String url,
        List<String> methods,
        String idPrefix,
        int count,
        int concurrency,
        Duration atMost,
        Map<String, ?> more) {
      return answer(startBurst(url, methods, idPrefix, count, concurrency, more), atMost);
    }

    /** The same, without waiting for their end. */
    @SuppressWarnings("unchecked")
    public CompletableFuture<List<CallResult>> startBurst(
        String url,
        List<String> methods,
        String idPrefix,
        int count,
        int concurrency,
        Map<String, ?> more) {
      Map<String, Object> command = command("burst", more);
      command.put("url", url);
      command.put("methods", methods);
      command.put("idPrefix", idPrefix);
      command.put("count", count);
      command.put("concurrency", concurrency);
      return send(command)
          .thenApply(
              answer ->
                  ((List<Object>) Objects.requireNonNull(answer.get("results")))
                      .stream()
                          .map(result -> CallResult.of((Map<String, Object>) result))
                          .toList());
    }

    /** A call of {@link #rate}: when it began, in epoch milliseconds, and whether it got a 200. */
    public record Outcome(long began, boolean ok) {}

    /** Starts so many GETs a second, {@code count} in all, whatever becomes of them. */
    @SuppressWarnings("unchecked")
    public CompletableFuture<List<Outcome>> rate(String url, int perSecond, int count) {
      Map<String, Object> command = command("rate", Map.of());
      command.put("url", url);
      command.put("perSecond", perSecond);
      command.put("count", count);
      return send(command)
          .thenApply(
              answer -> {
                List<Long> began = (List<Long>) Objects.requireNonNull(answer.get("began"));
                List<Long> ok = (List<Long>) Objects.requireNonNull(answer.get("outcomes"));
                return IntStream.range(0, count)
                    .mapToObj(i -> new Outcome(began.get(i), ok.get(i) == 1))
                    .toList();
              });
    }

    /** Holds a WebSocket idle, then has a text echoed. */
    public CallResult webSocket(String url, Duration idle, Duration heartbeat) {
      Map<String, Object> command = command("webSocket", Map.of());
      command.put("url", url);
      command.put("idle", idle.toMillis());
      command.put("heartbeat", heartbeat.toMillis());
      return CallResult.of(answer(send(command), ANSWER));
    }

    /** Closes the client as its application would; once is enough. */
    @Override
    public void close() {
      if (closed.compareAndSet(false, true)) {
        Map<String, Object> answer = answer(send(command("close", Map.of())), ANSWER);
        if (answer.containsKey("failure")) {
          throw new IllegalStateException("close failed: " + CallResult.of(answer));
        }
      }
    }

    private Map<String, Object> command(String op, Map<String, ?> values) {
      Map<String, Object> command = new LinkedHashMap<>(values);
      command.put("op", op);
      command.put("client", name);
      return command;
    }
  }

  /** A call under way. */
  public final class Running {
    private final Session session;
    private final String ticket;
    private final CompletableFuture<Map<String, Object>> answer;

    private Running(Session session, String ticket, CompletableFuture<Map<String, Object>> answer) {
      this.session = session;
      this.ticket = ticket;
      this.answer = answer;
    }

    /** Its result, or {@link CallResult#PENDING} if it has none within the time. */
    public CallResult await(Duration atMost) {
      try {
        return CallResult.of(answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS));
      } catch (TimeoutException e) {
        return CallResult.PENDING;
      } catch (InterruptedException | ExecutionException e) {
        throw broken(e);
      }
    }

    /** Cancels the call by the library's own means. */
    public void cancel() {
      stop("cancel");
    }

    /** Interrupts the thread that waits for the call. */
    public void interrupt() {
      stop("interrupt");
    }

    private void stop(String op) {
      Map<String, Object> command = session.command(op, Map.of());
      command.put("ticket", ticket);
      answer(send(command), ANSWER);
    }
  }

  /**
   * A new client object.
   *
   * @param settings those of {@link dev.freshwire.it.driver.Settings}
   */
  public Session open(Map<String, ?> settings) {
    return new Session(settings);
  }

  /** What the JVM holds: descriptors, threads, bytes of heap and metaspace. */
  public Map<String, Object> vitals() {
    Map<String, Object> command = new LinkedHashMap<>();
    command.put("op", "vitals");
    return answer(send(command), ANSWER);
  }

  /** Stops all threads of the JVM where they are: what is sent to it waits in the kernel. */
  public void suspend() {
    signal("STOP");
  }

  /** Lets them go on. */
  public void resume() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, pid()).inheritIO().start();
      if (kill.waitFor() != 0) {
        throw new IllegalStateException("no signal to " + pid());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw broken(e);
    }
  }

  /** The process, for those who attach to it. */
  public String pid() {
    return Long.toString(process.pid());
  }

  /** What the JVM printed on its standard error so far. */
  public String stderr() {
    synchronized (stderr) {
      return stderr.toString();
    }
  }

  /**
   * Waits until the standard error has this text so many times.
   *
   * @return whether it came within the time
   */
  public boolean awaitStderr(String text, int times, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    synchronized (stderr) {
      while (count(text) < times) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0) {
          return false;
        }
        try {
          stderr.wait(left);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          return false;
        }
      }
      return true;
    }
  }

  private int count(String text) {
    int found = 0;
    for (int at = stderr.indexOf(text); at >= 0; at = stderr.indexOf(text, at + 1)) {
      found++;
    }
    return found;
  }

  /** The agent's report; empty until {@link #close}, and where no agent wrote one. */
  public Optional<AgentReport> report() {
    return AgentReport.read(directory.resolve("report.json"));
  }

  /** Ends the JVM in an orderly way and waits for that. */
  @Override
  public void close() {
    try {
      commands.close();
      if (!process.waitFor(EXIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("the forked JVM does not end: " + stderr());
      }
      stderrReader.join(EXIT.toMillis());
    } catch (IOException e) {
      // It has ended already.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      process.destroyForcibly();
    }
  }

  @Override
  public String toString() {
    return name;
  }

  private CompletableFuture<Map<String, Object>> send(Map<String, Object> command) {
    long number = seq.incrementAndGet();
    command.put("seq", number);
    CompletableFuture<Map<String, Object>> answer = new CompletableFuture<>();
    waiting.put(number, answer);
    try {
      synchronized (commands) {
        commands.write(Json.write(command) + "\n");
        commands.flush();
      }
    } catch (IOException e) {
      throw broken(e);
    }
    return answer;
  }

  private <T> T answer(CompletableFuture<T> answer, Duration atMost) {
    try {
      return answer.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "the forked JVM does not answer; it does: " + threads() + "\nand printed: " + stderr(),
          e);
    } catch (InterruptedException | ExecutionException e) {
      throw broken(e);
    }
  }

  /** Where its threads are, and what hangs there in a heap dump: what hangs once may not again. */
  private String threads() {
    String heap = Path.of("target", "hung-" + pid() + ".hprof").toAbsolutePath().toString();
    return jcmd("Thread.print") + jcmd("GC.heap_dump", heap);
  }

  /** What the JVM answers to a command of {@code jcmd}. */
  public String jcmd(String... command) {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString());
    line.add(pid());
    line.addAll(List.of(command));
    Path printed = directory.resolve("diagnosis");
    try {
      Process diagnosis =
          new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(printed.toFile())
              .start();
      // A JVM that is suspended does not answer this either.
      if (!diagnosis.waitFor(EXIT.toMillis(), TimeUnit.MILLISECONDS)) {
        diagnosis.destroyForcibly();
      }
      return Files.readString(printed);
    } catch (IOException e) {
      return e.toString();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return e.toString();
    }
  }

  private IllegalStateException broken(Exception cause) {
    return new IllegalStateException(
        "the forked JVM does not answer; it printed: " + stderr(), cause);
  }

  private void readAnswers() {
    try (BufferedReader answers = process.inputReader(StandardCharsets.UTF_8)) {
      for (String line = answers.readLine(); line != null; line = answers.readLine()) {
        Map<String, Object> answer = Json.parse(line);
        CompletableFuture<Map<String, Object>> waiter = waiting.remove((Long) answer.get("seq"));
        if (waiter != null) {
          waiter.complete(answer);
        }
      }
    } catch (IOException | RuntimeException e) {
      printed(e.toString());
    } finally {
      waiting.values().forEach(w -> w.completeExceptionally(new IOException("the JVM has ended")));
    }
  }

  private void printed(String text) {
    synchronized (stderr) {
      stderr.append(text);
      stderr.notifyAll();
    }
  }

  private void readStderr() {
    try (BufferedReader lines = process.errorReader(StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        printed(line + '\n');
      }
    } catch (IOException e) {
      printed(e.toString());
    }
  }

  private Thread reader(String what, Runnable loop) {
    Thread thread = new Thread(loop, "fork-" + process.pid() + "-" + what);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }
}

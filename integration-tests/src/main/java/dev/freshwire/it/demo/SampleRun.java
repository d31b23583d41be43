package dev.freshwire.it.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.freshwire.it.demo.RunReport.CheckSpan;
import dev.freshwire.it.demo.RunReport.RequestRecord;
import dev.freshwire.it.sample.TradingAgent;
import dev.freshwire.it.twin.Protocol;
import dev.freshwire.it.twin.SupabaseTwin;
import dev.freshwire.it.twin.TwinCertificate;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Runs the trading agent once, in a JVM of its own, against a fresh twin behind a fresh gateway.
 *
 * @param protocol what the application speaks
 * @param java the {@code java} to run it with
 * @param nginx the nginx to use as the gateway; null for the built-in one
 * @param seed of the built-in gateway
 */
record SampleRun(Protocol protocol, Path java, @Nullable Path nginx, long seed) {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  /**
   * The built-in gateway's idle limit, and the application's pause. Real ones are minutes; what
   * counts is that the pause is the longer one.
   */
  private static final long IDLE_MILLIS = 100;

  private static final long PAUSE_MILLIS = 170;

  /** Receives news of a run while it goes on. */
  interface Listener {
    /** A request was made: the so-many-th of so many of this check. */
    void progressed(String check, int made, int expected);
  }

  /** Runs without the agent if {@code agent} is null. */
  RunReport run(@Nullable Path agent, Listener listener) throws Exception {
    // nginx speaks TLS and HTTP/2 to the client, and plain HTTP/1.1 to the server.
    Protocol served = nginx == null ? protocol : Protocol.H1;
    try (SupabaseTwin twin = SupabaseTwin.builder().protocols(served).start();
        Gateway gateway = gateway(twin, served)) {
      Path errors = Files.createTempFile("freshwire-demo", ".err");
      try {
        return run(agent, listener, twin, gateway, errors);
      } finally {
        Files.deleteIfExists(errors);
      }
    }
  }

  private Gateway gateway(SupabaseTwin twin, Protocol served)
      throws IOException, InterruptedException {
    return nginx == null
        ? new IdleGateway(
            twin.port(served), twin.traffic()::answered, Duration.ofMillis(IDLE_MILLIS), seed)
        : NginxGateway.start(nginx, protocol, twin.port(served));
  }

  private RunReport run(
      @Nullable Path agent, Listener listener, SupabaseTwin twin, Gateway gateway, Path errors)
      throws Exception {
    Process process =
        new ProcessBuilder(command(agent, gateway.port())).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    // A hanging application must not hang the demo: reading its output ends when it is ended.
    ScheduledExecutorService watchdog = Executors.newSingleThreadScheduledExecutor();
    Future<?> end =
        watchdog.schedule(process::destroyForcibly, LIMIT.toSeconds(), TimeUnit.SECONDS);
    try {
      Transcript transcript = new Transcript(listener);
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          transcript.read(line);
        }
      }
      int exitStatus = process.waitFor();
      if (gateway instanceof NginxGateway) {
        // Its log is complete once it has ended.
        gateway.close();
      }
      return RunReport.of(
          transcript.requests,
          transcript.spans(),
          gateway.accepted(),
          twin.writes().requestsAppliedTwice(),
          transcript.done && exitStatus == 0,
          exitStatus,
          Files.readString(errors));
    } finally {
      end.cancel(false);
      watchdog.shutdown();
      process.destroyForcibly();
    }
  }

  private List<String> command(@Nullable Path agent, int port) {
    List<String> command = new ArrayList<>(List.of(java.toString()));
    if (agent != null) {
      command.add("-javaagent:" + agent);
    }
    if (protocol != Protocol.H1) {
      Path trustStore = TwinCertificate.shared().trustStore();
      command.add("-Djavax.net.ssl.trustStore=" + trustStore);
      command.add("-Djavax.net.ssl.trustStorePassword=" + TwinCertificate.PASSWORD);
    }
    long pause = nginx == null ? PAUSE_MILLIS : NginxGateway.IDLE_MILLIS + 100;
    command.addAll(
        List.of(
            "-cp",
            classPath(),
            TradingAgent.class.getName(),
            "--url",
            protocol.scheme() + "://127.0.0.1:" + port,
            "--key",
            SupabaseTwin.ANON_KEY,
            "--pause",
            Long.toString(pause),
            "--rounds",
            nginx == null ? "8" : "2"));
    return command;
  }

  /** This process's own class path, absolute. */
  private static String classPath() {
    List<String> entries = new ArrayList<>();
    // Surefire starts its JVM with a jar that only refers to the real class path.
    String declared =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : declared.split(File.pathSeparator, -1)) {
      entries.add(Path.of(entry).toAbsolutePath().toString());
    }
    return String.join(File.pathSeparator, entries);
  }

  /** Makes sense of the lines that the trading agent prints. */
  private static final class Transcript {
    private final ObjectMapper mapper = new ObjectMapper();
    private final Listener listener;
    private final List<RequestRecord> requests = new ArrayList<>();
    private final List<String> names = new ArrayList<>();
    private final List<Long> starts = new ArrayList<>();
    private int expected;
    private int made;
    private boolean done;

    Transcript(Listener listener) {
      this.listener = listener;
    }

    void read(String text) {
      JsonNode line;
      try {
        line = mapper.readTree(text);
      } catch (IOException e) {
        throw new UncheckedIOException("not a line of the trading agent: " + text, e);
      }
      String check = line.path("check").asText();
      switch (line.path("event").asText()) {
        case "start" -> {
          names.add(check);
          starts.add(line.path("at").asLong());
          expected = line.path("requests").asInt();
          made = 0;
        }
        case "request" -> {
          requests.add(
              new RequestRecord(
                  check,
                  line.path("request").asText(),
                  line.path("ok").asBoolean(),
                  line.path("error").asText(),
                  line.path("micros").asLong()));
          listener.progressed(check, ++made, expected);
        }
        case "done" -> done = true;
        default -> {
          // "end" says nothing that the next start does not say.
        }
      }
    }

    /** A check lasts until the next one starts. */
    List<CheckSpan> spans() {
      List<CheckSpan> spans = new ArrayList<>();
      for (int i = 0; i < names.size(); i++) {
        long until = i + 1 < starts.size() ? starts.get(i + 1) : Long.MAX_VALUE;
        spans.add(new CheckSpan(names.get(i), starts.get(i), until));
      }
      return spans;
    }
  }
}

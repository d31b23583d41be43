package dev.freshwire.it.jvms;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.faults.SilentPort;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.PackagedAgent;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The packaged agent in every JVM that {@code freshwire.test.java} names: what it promises first,
 * once for each client and protocol. The whole contract on some of them is for the other tests.
 */
@EnabledIfSystemProperty(
    named = "freshwire.test.java",
    matches = ".+",
    disabledReason = "runs with integration-tests/jvm-matrix, which finds the JVMs")
@ExtendWith(CompatibilityRows.class)
@ParameterizedClass(name = "{0}: {1}")
@MethodSource("runtimes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JvmMatrixIT {
  private static final Duration EVENT = Duration.ofSeconds(10);
  private static final String OPTIONS = "hosts=localhost,connect-timeout=10s,read-timeout=10s";

  @Parameter(0)
  private @Nullable TestedJvm jvm;

  @Parameter(1)
  private @Nullable TestedClient client;

  private @Nullable ForkedClient protectedFork;

  static Stream<Arguments> runtimes() {
    return TestedJvm.all().stream()
        .flatMap(jvm -> TestedClient.oneOfEach().stream().map(client -> Arguments.of(jvm, client)));
  }

  @ParameterizedTest(name = "a connection per attempt, {0}")
  @EnumSource(Protocol.class)
  void fresh(Protocol protocol) {
    ForkedClient fork = withAgent(protocol);
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient.Session session = fork.open(Map.of())) {
      for (int i = 0; i < 5; i++) {
        assertThat(session.call(get(server, "r" + i)).status()).isEqualTo(200);
      }
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(5);
      assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0)).isTrue();
    }
  }

  @ParameterizedTest(name = "a GET is tried again, {0}")
  @EnumSource(Protocol.class)
  void safeRetry(Protocol protocol) {
    ForkedClient fork = withAgent(protocol);
    try (FaultServer server = FaultServer.start(protocol, Script.inTurn(Faults.reset(), answer()));
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(get(server, "r"));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
      assertThat(server.ledger().arrivals("r")).isEqualTo(2);
    }
  }

  @ParameterizedTest(name = "a sent POST is not, {0}")
  @EnumSource(Protocol.class)
  void postOnce(Protocol protocol) {
    ForkedClient fork = withAgent(protocol);
    try (FaultServer server = FaultServer.start(protocol, Script.inTurn(Faults.reset(), answer()));
        ForkedClient.Session session = fork.open(Map.of())) {
      CallResult result = session.call(CallSpec.of("POST", server.url("localhost", "/"), "r"));
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(server.ledger().arrivals("r")).isEqualTo(1);
    }
  }

  @Test
  @DisplayName("connect-timeout holds")
  void connectCap() throws IOException {
    skipWithoutClient();
    try (SilentPort silent = SilentPort.open();
        ForkedClient fork = start("hosts=localhost,connect-timeout=1s");
        ForkedClient.Session session = fork.open(Map.of())) {
      long start = System.nanoTime();
      CallResult result =
          session.call(CallSpec.of("GET", "http://localhost:" + silent.port() + "/", "r"));
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertThat(result.failed()).as("%s", result).isTrue();
      assertThat(millis).isBetween(900L, 7_000L);
    }
  }

  @Test
  @DisplayName("a wrong option: one line, exit 1")
  void badOption() throws Exception {
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(
                jvm().java().toString(), "-javaagent:" + PackagedAgent.jar() + "=modee=off", "No")
            .start();
    Ended ended = end(process);
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .isEqualTo(
            "ERROR freshwire - agent arguments: modee=off: unknown option; did you mean mode?\n");
    // A JVM of 26 or newer that is halted in premain takes a minute.
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(45));
  }

  @Test
  @DisplayName("attach and detach")
  void attachAndDetach() throws Exception {
    skipWithoutClient();
    // From 21 on the JVM warns of every agent that comes later, unless it was told to expect one.
    String[] expecting =
        jvm().feature() >= 21 ? new String[] {"-XX:+EnableDynamicAgentLoading"} : new String[0];
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(answer()));
        ForkedClient fork = client().start(jvm(), null, expecting);
        ForkedClient.Session session = fork.open(Map.of())) {
      // Ktor's CIO dials for each request by itself.
      int before = isCio() ? 3 : 1;
      three(session, server, "before");
      assertThat(server.ledger().accepted()).isEqualTo(before);

      Ended attached = command("attach", fork.pid(), "hosts=localhost");
      assertThat(attached.status()).as("%s", attached).isZero();
      assertThat(attached.out()).contains("mode enforce, 0 errors");
      three(session, server, "while");
      assertThat(server.ledger().accepted()).isEqualTo(before + 3);

      Ended detached = command("detach", fork.pid());
      assertThat(detached.status()).as("%s", detached).isZero();
      three(session, server, "after");
      // The connection from before is still pooled, unless it has grown too old.
      int after = before + 3 + (isCio() ? 3 : 0);
      assertThat(server.ledger().accepted()).isBetween(after, isCio() ? after : after + 1);
      assertThat(foreignLines(fork.stderr())).isEmpty();
    }
  }

  @Test
  @DisplayName("the JVM warns of nothing")
  void noWarning() {
    skipWithoutClient();
    ForkedClient fork = start(OPTIONS);
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(answer()));
        ForkedClient.Session session = fork.open(Map.of())) {
      three(session, server, "r");
      assertThat(server.ledger().accepted()).isEqualTo(3);
    }
    fork.close();
    assertThat(fork.stderr()).contains(": enforced");
    assertThat(foreignLines(fork.stderr())).isEmpty();
    assertThat(fork.report().orElseThrow().errors()).isZero();
  }

  @AfterParameterizedClassInvocation
  void noErrorsInside() {
    ForkedClient fork = protectedFork;
    protectedFork = null;
    if (fork != null) {
      fork.close();
      assertThat(fork.report().orElseThrow().errors()).as(fork.stderr()).isZero();
      assertThat(foreignLines(fork.stderr())).isEmpty();
    }
  }

  private static void three(ForkedClient.Session session, FaultServer server, String id) {
    for (int i = 0; i < 3; i++) {
      CallResult result = session.call(get(server, id + i));
      assertThat(result.status()).as("%s", result).isEqualTo(200);
    }
  }

  private static CallSpec get(FaultServer server, String id) {
    return CallSpec.of("GET", server.url("localhost", "/"), id);
  }

  /** What somebody else than the agent printed. */
  private List<String> foreignLines(String stderr) {
    // HttpClient 5 and Ktor bring SLF4J and no binding of it, which is said with the agent and
    // without it. What the agent's own copy might say is seen with the other clients.
    boolean withoutBinding = client().version().name().equals("apache5") || isCio();
    List<String> lines = new ArrayList<>();
    stderr
        .lines()
        .filter(line -> !line.startsWith("INFO freshwire - "))
        .filter(line -> !withoutBinding || !line.startsWith("SLF4J"))
        .forEach(lines::add);
    return lines;
  }

  private void skipWithoutClient() {
    assumeTrue(!isJavaNetHttp() || jvm().feature() >= 11, "java.net.http came with 11");
    assumeTrue(!isCio() || jvm().feature() >= 17, "what drives it is compiled for 17");
  }

  private boolean isCio() {
    return client().version().name().equals("ktorcio");
  }

  private boolean isJavaNetHttp() {
    return client().version().name().equals("java.net.http");
  }

  private ForkedClient withAgent(Protocol protocol) {
    skipWithoutClient();
    assumeTrue(client().speaks(protocol), "it speaks HTTP/1.1 only");
    boolean old = jvm().feature() == 8 && client().version().version().equals("3.12.13");
    assumeTrue(protocol != Protocol.TLS_H2 || !old, "OkHttp 3.12 has no ALPN on Java 8");
    ForkedClient fork = protectedFork;
    if (fork == null) {
      fork = start(OPTIONS);
      protectedFork = fork;
    }
    return fork;
  }

  private ForkedClient start(String options) {
    return client().start(jvm(), options);
  }

  private record Ended(int status, String out, String err) {}

  /** The agent's own command, run by the Java of the tests: attaching needs a JDK. */
  private static Ended command(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(System.getProperty("java.home") + "/bin/java");
    command.add("-jar");
    command.add(PackagedAgent.jar().toString());
    command.addAll(List.of(arguments));
    return end(new ProcessBuilder(command).start());
  }

  private static Ended end(Process process) throws Exception {
    try {
      String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ends").isTrue();
      return new Ended(process.exitValue(), out, err);
    } finally {
      process.destroyForcibly();
    }
  }

  private TestedJvm jvm() {
    return Objects.requireNonNull(jvm);
  }

  private TestedClient client() {
    return Objects.requireNonNull(client);
  }
}

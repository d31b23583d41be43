package dev.freshwire.it.soak;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.driver.okhttp.OkHttpUnderTest;
import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Chaos for the time that {@code freshwire.test.soak} says in minutes, shared by the clients: no
 * write is applied twice, nothing is lost that could be saved, nothing grows. The policy file
 * changes all the while. {@code freshwire.test.seed} repeats a run's faults.
 */
@EnabledIfSystemProperty(
    named = "freshwire.test.soak",
    matches = "[0-9]+",
    disabledReason = "runs with integration-tests/soak, for minutes or hours")
class SoakIT {
  private static final long MINUTES = Long.getLong("freshwire.test.soak", 1);
  private static final long SEED = Long.getLong("freshwire.test.seed", System.nanoTime());
  private static final int CLIENTS = 4;
  private static final int BURST = 1000;
  private static final String COMMON =
      """
      retry.max-attempts=6
      retry.budget=off
      read-timeout=3s
      connect-timeout=10s
      hosts=localhost
      """;

  /** Valid by turns in different ways, and then not valid. */
  private static final String[] POLICIES = {
    COMMON + "retry.backoff=1ms..5ms\n",
    COMMON + "retry.backoff=never\n",
    COMMON + "retry.backoff=2ms..4ms\nhost.\"*.example\".reuse=unchanged\n"
  };

  @TempDir private Path directory;

  static Stream<Arguments> clients() {
    return Stream.of(
        Arguments.of(new ClientVersion("okhttp", "5.5.1"), OkHttpUnderTest.class),
        Arguments.of(new ClientVersion("okhttp", "3.12.13"), OkHttpUnderTest.class),
        Arguments.of(
            new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
            HttpUrlConnectionUnderTest.class),
        Arguments.of(
            new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM), JdkHttpUnderTest.class));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void nothing_is_doubled_lost_or_left(ClientVersion client, Class<?> driver) {
    System.out.println("soak of " + client + ": -Dfreshwire.test.seed=" + SEED);
    Path policy = directory.resolve("policy.properties");
    replace(policy, POLICIES[0]);
    Map<Protocol, Chaos> servers = new EnumMap<>(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      if (protocol != Protocol.TLS_H2 || !driver.equals(HttpUrlConnectionUnderTest.class)) {
        servers.put(protocol, new Chaos(SEED, protocol));
      }
    }
    Figures figures = new Figures();
    ForkedClient fork =
        ForkedClient.start(
            TestedJvm.all().get(0), client, driver, "config.interval=50ms,config=" + policy);
    long end = System.nanoTime() + Duration.ofMinutes(MINUTES).toNanos() / CLIENTS;
    for (int round = 0; System.nanoTime() < end; round++) {
      for (Map.Entry<Protocol, Chaos> entry : servers.entrySet()) {
        replace(policy, POLICIES[round % POLICIES.length]);
        Chaos chaos = entry.getValue();
        String prefix = entry.getKey().name() + round + "-";
        try (ForkedClient.Session session = fork.open(Map.of())) {
          List<CallResult> results =
              session.burst(
                  chaos.server().url("localhost", "/"),
                  List.of("GET", "POST"),
                  prefix,
                  BURST,
                  16,
                  Duration.ofMinutes(2));
          chaos.account(prefix, results, figures);
        }
        boolean closed =
            chaos.server().ledger().await(Duration.ofSeconds(20), ledger -> ledger.open() == 0);
        if (!closed) {
          figures.wrong("connections left open: " + chaos.server().ledger().open());
        }
      }
      figures.vitals.add(Figures.Vitals.of(fork.vitals()));
    }
    fork.close();
    servers.values().forEach(chaos -> chaos.server().close());
    System.out.println(client + ": " + figures);
    System.out.println("  early: " + figures.early() + "\n  late:  " + figures.late());
    servers.values().forEach(chaos -> System.out.println("  " + chaos));

    List<String> wrong = new ArrayList<>(figures.wrong());
    assertThat(wrong).as("seed %s", SEED).isEmpty();
    assertThat(figures.issued).isPositive();
    assertThat(figures.succeeded).isGreaterThan(figures.issued / 2);
    assertThat(fork.report().orElseThrow().errors()).as(fork.stderr()).isZero();
    assertThat(fork.stderr()).contains("not reloaded, what held so far still does");
    Figures.Vitals early = figures.early();
    Figures.Vitals late = figures.late();
    assertThat(late.descriptors()).as("descriptors").isLessThanOrEqualTo(early.descriptors() + 8);
    assertThat(late.threads()).as("threads").isLessThanOrEqualTo(early.threads() + 8);
    assertThat(late.heap()).as("heap").isLessThanOrEqualTo(early.heap() + 4_000_000);
    assertThat(late.metaspace()).as("metaspace").isLessThanOrEqualTo(early.metaspace() + 3_000_000);
  }

  private static void replace(Path file, String content) {
    try {
      Path next = file.resolveSibling("next");
      Files.writeString(next, content);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

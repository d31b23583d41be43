package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.driver.okhttp.OkHttpUnderTest;
import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.ForkedClient.Session.Outcome;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Fault row 19: every connection is reset for a while under a load that does not slow down. The
 * system property {@code freshwire.test.outage} says for how many seconds, and has every client
 * tested; without it the outage is short and only OkHttp's. One after the other, or the machine's
 * want of time would lengthen the outage.
 */
class OutageIT {
  private static final int SECONDS = Integer.getInteger("freshwire.test.outage", 5);
  private static final int PER_SECOND = 200;
  private static final Duration RECOVERY = Duration.ofSeconds(1);

  /** Seconds of the load before the outage, and those that are left for the recovery after it. */
  private static final int AROUND = 3;

  private static final Duration EVENT = Duration.ofSeconds(60);

  static Stream<Arguments> clients() {
    Stream<Arguments> all =
        Stream.of(
            Arguments.of(new ClientVersion("okhttp", "5.5.1"), OkHttpUnderTest.class),
            Arguments.of(
                new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM),
                JdkHttpUnderTest.class),
            Arguments.of(
                new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
                HttpUrlConnectionUnderTest.class));
    return System.getProperty("freshwire.test.outage") == null ? all.limit(1) : all;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void theBudgetHoldsThroughAnOutageAndTheServersReturnIsFeltAtOnce(
      ClientVersion version, Class<?> driver) throws Exception {
    Outage outage = Outage.of(version, driver, "");
    assertThat(outage.retries())
        .as("%s", outage)
        .isPositive()
        .isLessThanOrEqualTo(outage.allowed());
    assertThat(outage.lost()).as("an outage, seen by the callers").isPositive();
    assertThat(outage.lostLaterThan(RECOVERY)).isEmpty();
  }

  /** What the budget is there for: shows that the bound above means something. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void withoutABudgetTheOutageIsAmplified(ClientVersion version, Class<?> driver) throws Exception {
    Outage outage = Outage.of(version, driver, ",retry.budget=off");
    assertThat(outage.retries()).as("%s", outage).isGreaterThan(2 * outage.allowed());
  }

  /**
   * What was seen.
   *
   * @param connections that the server accepted: one for each attempt
   * @param until when the server was back, in epoch milliseconds
   */
  private record Outage(
      int requests, int connections, Duration lasted, long until, List<Outcome> outcomes) {
    static Outage of(ClientVersion version, Class<?> driver, String options) throws Exception {
      int requests = PER_SECOND * (AROUND + SECONDS + AROUND);
      try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(Faults.answer()));
          ForkedClient fork =
              ForkedClient.start(
                  TestedJvm.all().get(0), version, driver, "hosts=localhost" + options);
          ForkedClient.Session client = fork.open(Map.of())) {
        // Class loading is not to be made up for by a burst.
        client.call(CallSpec.of("GET", server.url("localhost", "/"), "warm"));
        long start = System.nanoTime();
        CompletableFuture<List<Outcome>> load =
            client.rate(server.url("localhost", "/"), PER_SECOND, requests);
        assertThat(server.ledger().await(EVENT, seen -> seen.arrivals() >= PER_SECOND * AROUND))
            .isTrue();
        server.admission(number -> Admission.RESET);
        // The outage's length is what is tested, so this waits for nothing else.
        TimeUnit.SECONDS.sleep(SECONDS);
        server.admission(number -> Admission.SERVE);
        long until = System.currentTimeMillis();
        List<Outcome> outcomes = load.get(EVENT.toSeconds(), TimeUnit.SECONDS);
        Outage seen =
            new Outage(
                requests,
                server.ledger().accepted() - 1,
                Duration.ofNanos(System.nanoTime() - start),
                until,
                outcomes);
        System.out.println("outage, " + version + options + ": " + seen);
        return seen;
      }
    }

    int retries() {
      return connections - requests;
    }

    /** By the default budget: a fifth of the requests, and ten a second. */
    int allowed() {
      return requests / 5 + 10 * (int) (lasted.toSeconds() + 1);
    }

    long lost() {
      return outcomes.stream().filter(outcome -> !outcome.ok()).count();
    }

    List<Outcome> lostLaterThan(Duration recovery) {
      return outcomes.stream()
          .filter(o -> !o.ok() && o.began() >= until + recovery.toMillis())
          .toList();
    }

    @Override
    public String toString() {
      return "%d connections, %d requests, %d lost, %d ms"
          .formatted(connections, requests, lost(), lasted.toMillis());
    }
  }
}

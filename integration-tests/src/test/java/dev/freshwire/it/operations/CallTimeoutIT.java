package dev.freshwire.it.operations;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.driver.okhttp.OkHttpUnderTest;
import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code call-timeout}: an upper bound of a whole call. Most of each test is waiting. */
@Execution(ExecutionMode.CONCURRENT)
class CallTimeoutIT {
  private static final Duration LIMIT = Duration.ofSeconds(1);

  static Stream<Arguments> clients() {
    return Stream.of(
        Arguments.of(new ClientVersion("okhttp", "3.12.13"), OkHttpUnderTest.class),
        Arguments.of(new ClientVersion("okhttp", "5.5.1"), OkHttpUnderTest.class),
        Arguments.of(
            new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM), JdkHttpUnderTest.class),
        Arguments.of(
            new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
            HttpUrlConnectionUnderTest.class));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void aCallThatIsNeverAnsweredEndsAtItsLimit(ClientVersion version, Class<?> driver) {
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(Faults.silence()));
        ForkedClient limited = fork(version, driver, ",call-timeout=" + LIMIT.toMillis() + "ms");
        ForkedClient unlimited = fork(version, driver, "");
        ForkedClient.Session ends = limited.open(Map.of());
        ForkedClient.Session waits = unlimited.open(Map.of())) {
      ForkedClient.Running waiting =
          waits.start(CallSpec.of("GET", server.url("localhost", "/"), "unlimited"));
      CallResult ended = ends.call(CallSpec.of("GET", server.url("localhost", "/"), "limited"));
      assertThat(ended.failed()).as("%s", ended).isTrue();
      assertThat(server.ledger().arrivals("limited")).isEqualTo(1);
      assertThat(waiting.await(LIMIT)).isEqualTo(CallResult.PENDING);
      waiting.cancel();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void aStreamOfEventsHasNoLimit(ClientVersion version, Class<?> driver) {
    try (FaultServer server =
            FaultServer.start(Protocol.H1, Script.always(Faults.events(3, LIMIT)));
        FaultServer other = FaultServer.start(Protocol.H1, Script.always(Faults.answer()));
        ForkedClient limited = fork(version, driver, ",call-timeout=" + LIMIT.toMillis() + "ms");
        ForkedClient.Session client = limited.open(Map.of())) {
      // The first call of a JVM takes its time; whether too much of it does not matter here.
      client.call(CallSpec.of("GET", other.url("localhost", "/"), "first"));
      CallResult events = client.call(CallSpec.of("GET", server.url("localhost", "/"), "events"));
      assertThat(events.ok()).as("%s", events).isTrue();
    }
  }

  /** By far more attempts than there is time for. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("clients")
  void noAttemptBeginsAfterTheLimit(ClientVersion version, Class<?> driver) {
    String options =
        ",retry.max-attempts=10,retry.backoff=400ms..400ms,retry.budget=off,call-timeout=";
    try (FaultServer server =
            FaultServer.start(Protocol.H1, Script.always(Faults.reject(503, Map.of())));
        ForkedClient limited = fork(version, driver, options + LIMIT.toMillis() + "ms");
        ForkedClient unlimited = fork(version, driver, options + "off");
        ForkedClient.Session few = limited.open(Map.of());
        ForkedClient.Session many = unlimited.open(Map.of())) {
      assertThat(many.call(CallSpec.of("GET", server.url("localhost", "/"), "many")).status())
          .isEqualTo(503);
      assertThat(server.ledger().arrivals("many")).isEqualTo(10);
      few.call(CallSpec.of("GET", server.url("localhost", "/"), "few"));
      // Half of each step is random, so at least 200 ms lie between two attempts.
      assertThat(server.ledger().arrivals("few")).isBetween(1, 5);
    }
  }

  private static ForkedClient fork(ClientVersion version, Class<?> driver, String options) {
    return ForkedClient.start(TestedJvm.all().get(0), version, driver, "hosts=localhost" + options);
  }
}

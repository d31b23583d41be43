package dev.freshwire.it.apache;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Who cancels gives the connection back on a thread of his own, at any moment of the exchange. What
 * a hook meets then is no failure of a hook: after one, nothing that was not sent is sent again.
 */
class ConnectionTakenAwayIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static Stream<Arguments> clients() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(
                        client("apache4", "4.3.6", "4.5.14", List.of("written", "answered")),
                        client(
                            "apacheasync4", "4.1", "4.1.5", List.of("written", "answered", "kept")))
                    .flatMap(versions -> versions)
                    .map(of -> Arguments.of(of.version(), of.moments(), jvm)));
  }

  private record Client(ClientVersion version, List<String> moments) {}

  private static Stream<Client> client(
      String name, String oldest, String newest, List<String> moments) {
    return (ApacheContract.SAMPLE ? Stream.of(newest) : Stream.of(oldest, newest))
        .map(version -> new Client(new ClientVersion(name, version), moments));
  }

  @ParameterizedTest(name = "{0} when it is {1}, on {2}")
  @MethodSource("clients")
  void isNoFailureOfAHook(ClientVersion version, List<String> moments, TestedJvm jvm) {
    String driver = "dev.freshwire.it.driver." + version.name() + ".TakenAwayUnderTest";
    ForkedClient fork =
        ForkedClient.start(jvm, version, driver, "hosts=localhost,connect-timeout=30s");
    try (fork) {
      for (Protocol protocol : List.of(Protocol.H1, Protocol.TLS_H1)) {
        for (String moment : moments) {
          takeAway(fork, protocol, moment);
        }
      }
      assertWhatWasNotSentIsSentAgain(fork);
    }
    assertThat(fork.report().map(AgentReport::errors)).as(fork.stderr()).contains(0L);
  }

  private static void takeAway(ForkedClient fork, Protocol protocol, String moment) {
    // Of an event stream the agent takes the read timeout back.
    Script script = Script.always(Faults.events(1, Duration.ofMillis(1)));
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient.Session client = fork.open(Map.of())) {
      CallSpec spec =
          CallSpec.of("POST", server.url("localhost", "/"), moment).header("X-Taken-Away", moment);
      CallResult result = client.start(spec).await(PATIENCE);
      assertThat(result)
          .as("%s %s: %s", protocol, moment, fork.stderr())
          .isNotSameAs(CallResult.PENDING);
      assertThat(server.ledger().arrivals(moment))
          .as("%s %s: %s", protocol, moment, server.ledger())
          .isEqualTo(moment.equals("written") ? 0 : 1);
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0))
          .as("%s %s: all closed: %s", protocol, moment, server.ledger())
          .isTrue();
    }
  }

  static Stream<Arguments> reactors() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of("given", "connected").map(moment -> Arguments.of("4.1.3", moment, jvm)));
  }

  /** Before 4.1.5 the client's reactor ends of it by itself, and the client with the reactor. */
  @ParameterizedTest(name = "HttpAsyncClient {0} when it is {1}, on {2}")
  @MethodSource("reactors")
  void endsNoReactor(String version, String moment, TestedJvm jvm) {
    String driver = "dev.freshwire.it.driver.apacheasync4.TakenAwayUnderTest";
    ForkedClient fork =
        ForkedClient.start(
            jvm,
            new ClientVersion("apacheasync4", version),
            driver,
            "hosts=localhost,connect-timeout=30s");
    try (fork;
        FaultServer server = FaultServer.start(Protocol.H1, Script.always(answer()));
        ForkedClient.Session client = fork.open(Map.of())) {
      String url = server.url("localhost", "/");
      CallSpec spec = CallSpec.of("POST", url, moment).header("X-Taken-Away", moment);
      assertThat(client.call(spec).failed()).as(fork.stderr()).isTrue();
      CallResult next = client.call(CallSpec.of("POST", url, "next"));
      assertThat(next.status()).as("%s: %s", next, fork.stderr()).isEqualTo(200);
      assertThat(server.ledger().arrivals(moment)).as("%s", server.ledger()).isZero();
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0))
          .as("all closed: %s", server.ledger())
          .isTrue();
    }
    assertThat(fork.report().map(AgentReport::errors)).as(fork.stderr()).contains(0L);
  }

  private static void assertWhatWasNotSentIsSentAgain(ForkedClient fork) {
    try (FaultServer server = FaultServer.reserve(Protocol.H1, Script.always(answer()));
        ForkedClient.Session client = fork.open(Map.of())) {
      server.listenAfter(250);
      CallResult post = client.call(CallSpec.of("POST", server.url("localhost", "/"), "post"));
      assertThat(post.status()).as("%s: %s", post, fork.stderr()).isEqualTo(200);
      assertThat(server.ledger().arrivals("post")).as("%s", server.ledger()).isEqualTo(1);
    }
  }
}

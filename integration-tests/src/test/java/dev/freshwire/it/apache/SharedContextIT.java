package dev.freshwire.it.apache;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.Meeting;
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
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Several requests with one context: at the same time, which the libraries advise against, and one
 * within the other. By the context the hooks find what a request has come to.
 */
@ParameterizedClass(name = "{0}, {1}, on {2}")
@MethodSource("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SharedContextIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;

  @Parameter(0)
  private @Nullable ClientVersion version;

  @Parameter(1)
  private @Nullable String driver;

  @Parameter(2)
  private @Nullable TestedJvm jvm;

  private @Nullable ForkedClient fork;

  static Stream<Arguments> clients() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(
                        client("apache4", "SharedContextUnderTest", jvm, "4.3.6", "4.5.14"),
                        client("apache5", "SharedContextUnderTest", jvm, "5.0.4", "5.6.5"),
                        client("apache5", "SharedContextAsyncUnderTest", jvm, "5.0.4", "5.6.5"))
                    .flatMap(versions -> versions));
  }

  private static Stream<Arguments> client(
      String name, String driver, TestedJvm jvm, String oldest, String newest) {
    return (ApacheContract.SAMPLE ? Stream.of(newest) : Stream.of(oldest, newest))
        .map(version -> Arguments.of(new ClientVersion(name, version), driver, jvm));
  }

  @BeforeParameterizedClassInvocation
  void fork() {
    ClientVersion client = Objects.requireNonNull(version);
    fork =
        ForkedClient.start(
            Objects.requireNonNull(jvm),
            client,
            "dev.freshwire.it.driver." + client.name() + "." + driver,
            "hosts=localhost,connect-timeout=30s,retry.backoff=1ms..2ms");
  }

  @AfterParameterizedClassInvocation
  void theAgentCountedNoErrorOfItsOwn() {
    ForkedClient ended = Objects.requireNonNull(fork);
    ended.close();
    assertThat(ended.report().map(AgentReport::errors)).as(ended.stderr()).contains(0L);
  }

  @Test
  void whatWasSentBesideAnotherRequestIsNotSentAgain() {
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(Faults.reset()));
        ForkedClient.Session client = open()) {
      for (ForkedClient.Running post : both(client, "POST", server)) {
        CallResult result = post.await(PATIENCE);
        assertThat(result.failed()).as("%s: %s", result, server.ledger()).isTrue();
      }
      assertThat(server.ledger().arrivals("one")).as("%s", server.ledger()).isEqualTo(1);
      assertThat(server.ledger().arrivals("other")).as("%s", server.ledger()).isEqualTo(1);
    }
  }

  @Test
  void whatIsTriedAgainBesideAnotherRequestHasTheAttemptsOfOne() {
    try (FaultServer server = FaultServer.start(Protocol.H1, Script.always(Faults.reset()));
        ForkedClient.Session client = open()) {
      for (ForkedClient.Running get : both(client, "GET", server)) {
        CallResult result = get.await(PATIENCE);
        assertThat(result.failed()).as("%s: %s", result, server.ledger()).isTrue();
      }
      assertThat(server.ledger().arrivals("one")).as("%s", server.ledger()).isEqualTo(ATTEMPTS);
      assertThat(server.ledger().arrivals("other")).as("%s", server.ledger()).isEqualTo(ATTEMPTS);
    }
  }

  /** Each of them has begun before one of them connects. */
  private static List<ForkedClient.Running> both(
      ForkedClient.Session client, String method, FaultServer server) {
    return Stream.of("one", "other")
        .map(id -> CallSpec.of(method, server.url("localhost", "/"), id))
        .map(spec -> client.start(spec.header(Meeting.MEETS, "the other one")))
        .toList();
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1", "localhost"})
  void whatWasSentAfterARequestWithinItIsNotSentAgain(String host) {
    Script script = Script.always(Faults.reset()).onPath("/token", answer());
    try (FaultServer server = FaultServer.start(Protocol.H1, script);
        ForkedClient.Session client = open()) {
      CallSpec post =
          CallSpec.of("POST", server.url("localhost", "/"), "post")
              .header(Meeting.ASKS, server.url(host, "/token"));
      CallResult result = client.start(post).await(PATIENCE);
      assertThat(result.failed()).as("%s: %s", result, server.ledger()).isTrue();
      assertThat(server.ledger().arrivals("/token"))
          .as("%s: %s", result, server.ledger())
          .isEqualTo(1);
      assertThat(server.ledger().arrivals("post")).as("%s", server.ledger()).isEqualTo(1);
    }
  }

  private ForkedClient.Session open() {
    return Objects.requireNonNull(fork).open(Map.of());
  }
}

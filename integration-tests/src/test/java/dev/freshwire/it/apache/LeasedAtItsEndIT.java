package dev.freshwire.it.apache;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A server that ends TLS in one piece with its answer: HttpAsyncClient 4 has read the end, and its
 * pool hands the connection out once more. In 4.1.5 nothing is written to it, and by itself the
 * client waits for ever, whatever timeouts it was given.
 */
class LeasedAtItsEndIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static Stream<Arguments> cases() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                (ApacheContract.SAMPLE ? Stream.of("4.1.5") : Stream.of("4.1", "4.1.3", "4.1.5"))
                    .flatMap(
                        version ->
                            Stream.of("validated", "unchanged", "never")
                                .flatMap(
                                    reuse ->
                                        Stream.of("GET", "POST")
                                            .map(
                                                method ->
                                                    Arguments.of(version, reuse, method, jvm)))));
  }

  @ParameterizedTest(name = "{2} with HttpAsyncClient {0}, reuse={1}, on {3}")
  @MethodSource("cases")
  void isNotWaitedOn(String version, String reuse, String method, TestedJvm jvm) {
    ForkedClient fork =
        ForkedClient.start(
            jvm,
            new ClientVersion("apacheasync4", version),
            "dev.freshwire.it.driver.apacheasync4.FollowUpUnderTest",
            "hosts=localhost,retry.backoff=1ms..2ms,reuse=" + reuse);
    try (fork;
        FaultServer server =
            FaultServer.start(
                Protocol.TLS_H1,
                exchange ->
                    exchange.id().equals("before") ? Faults.answerWithGoodbye() : answer());
        ForkedClient.Session client = fork.open(Map.of())) {
      CallSpec next = CallSpec.of(method, server.url("localhost", "/"), "next");
      CallResult result = client.start(next).await(PATIENCE);
      String seen = result + ": " + server.ledger() + ", " + fork.stderr();
      if (reuse.equals("unchanged") && method.equals("POST") && !version.equals("4.1.5")) {
        // Older ones write to it first, and what was written cannot be taken back.
        assertThat(result.failed()).as(seen).isTrue();
        assertThat(server.ledger().arrivals("next")).as(seen).isZero();
      } else {
        assertThat(result.text()).as(seen).isEqualTo("ok next");
        assertThat(server.ledger().arrivals("next")).as(seen).isEqualTo(1);
        assertThat(server.ledger().accepted()).as(seen).isEqualTo(2);
      }
    }
    assertThat(fork.report().map(AgentReport::errors)).as(fork.stderr()).contains(0L);
  }
}

package dev.freshwire.it.urlconnection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Exchange;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A response that led to another attempt was not read, and its stream is garbage. Up to 17 the
 * collector closes that, and the JDK then believes that the connection is done with: the one on
 * which the next attempt is just reading.
 */
class AbandonedResponseIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static Stream<Arguments> cases() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of("reuse=validated", "reuse=unchanged", "reuse=never")
                    .flatMap(
                        reuse ->
                            Stream.of(Protocol.H1, Protocol.TLS_H1)
                                .flatMap(
                                    protocol ->
                                        // What has come of it, and that the cleaner waits for.
                                        Stream.of(6, 100_000)
                                            .map(
                                                length ->
                                                    Arguments.of(jvm, reuse, protocol, length)))));
  }

  @ParameterizedTest(name = "{1}, {2}, {3} bytes, on {0}")
  @MethodSource("cases")
  void itsCollectionLeavesTheNextAttemptAlone(
      TestedJvm jvm, String reuse, Protocol protocol, int length) {
    CompletableFuture<Void> collected = new CompletableFuture<>();
    Script script =
        exchange -> {
          if (!exchange.id().equals("held")) {
            return Faults.answer();
          }
          return exchange.arrival() == 1
              ? refused -> refuse(refused, length)
              : answered -> answer(answered, collected);
        };
    try (FaultServer server = FaultServer.start(protocol, script);
        ForkedClient fork =
            ForkedClient.start(
                jvm,
                new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
                HttpUrlConnectionUnderTest.class,
                "retry.backoff=1ms..2ms," + reuse);
        ForkedClient.Session client = fork.open(Map.of())) {
      String url = server.url("localhost", "/");
      ForkedClient.Running held = client.start(CallSpec.of("GET", url, "held"));
      assertThat(server.ledger().await(PATIENCE, seen -> seen.arrivals("held") == 2)).isTrue();
      fork.jcmd("GC.run");
      fork.jcmd("GC.run_finalization");

      CallResult next = client.call(CallSpec.of("GET", url, "next"));
      collected.complete(null);
      CallResult result = held.await(PATIENCE);

      assertThat(next.text()).as("%s: %s", next, server.ledger()).isEqualTo("ok next");
      assertThat(result.text()).as("%s: %s", result, server.ledger()).isEqualTo("before, after");
      assertThat(server.ledger().accepted()).as("%s", server.ledger()).isEqualTo(3);
    }
  }

  /** A whole head, and of its body what fits into the first of what the client reads. */
  private static void refuse(Exchange exchange, int length) {
    exchange.begin(503, Map.of(), length);
    exchange.part(new byte[6]);
    if (length == 6) {
      exchange.end();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What fails here shows as an answer without end.
  private static void answer(Exchange exchange, CompletableFuture<Void> collected) {
    exchange.apply();
    exchange.begin(200, Map.of(), "before, after".length());
    exchange.part("before, ".getBytes(StandardCharsets.UTF_8));
    collected.thenRun(
        () ->
            exchange.after(
                Duration.ZERO,
                () -> {
                  exchange.part("after".getBytes(StandardCharsets.UTF_8));
                  exchange.end();
                }));
  }
}

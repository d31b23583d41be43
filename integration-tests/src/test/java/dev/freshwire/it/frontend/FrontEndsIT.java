package dev.freshwire.it.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.frontend.FeignUnderTest;
import dev.freshwire.it.driver.frontend.RestClientUnderTest;
import dev.freshwire.it.driver.frontend.RestTemplateUnderTest;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.harness.AgentReport;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.FiveChecks;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The five checks with libraries that use the JDK's clients, as an application has them. */
class FrontEndsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  static Stream<Arguments> frontEnds() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                Stream.of(
                    Arguments.of(
                        new ClientVersion("spring", "6.2.11"), RestTemplateUnderTest.class, jvm),
                    Arguments.of(
                        new ClientVersion("spring", "6.2.11"), RestClientUnderTest.class, jvm),
                    Arguments.of(new ClientVersion("feign", "13.6"), FeignUnderTest.class, jvm)));
  }

  @ParameterizedTest(name = "{1} on {2}: every request is answered, every write applied once")
  @MethodSource("frontEnds")
  void withTheAgent(ClientVersion version, Class<?> frontEnd, TestedJvm jvm) {
    ForkedClient fork =
        ForkedClient.start(jvm, version, frontEnd, "hosts=localhost,connect-timeout=30s");
    try (FaultServer server = FiveChecks.server();
        ForkedClient closing = fork) {
      List<CallResult> results = FiveChecks.run(closing, server);

      assertThat(results).allMatch(CallResult::ok);
      assertThat(server.ledger().appliedTwice()).isEmpty();
      assertThat(server.ledger().accepted())
          .as("%s", server.ledger())
          .isEqualTo(server.ledger().arrivals())
          .isEqualTo(results.size());
      assertThat(server.ledger().await(PATIENCE, seen -> seen.open() == 0)).isTrue();
    }
    assertThat(fork.report().map(AgentReport::errors)).contains(0L);
  }

  @ParameterizedTest(name = "{1} on {2}: requests fail, or writes are applied twice")
  @MethodSource("frontEnds")
  void withoutTheAgent(ClientVersion version, Class<?> frontEnd, TestedJvm jvm) {
    try (FaultServer server = FiveChecks.server();
        ForkedClient fork = ForkedClient.start(jvm, version, frontEnd, null)) {
      List<CallResult> results = FiveChecks.run(fork, server);

      assertThat(FiveChecks.harmed(results, server)).as("%s", server.ledger()).isTrue();
    }
  }
}

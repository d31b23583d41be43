package dev.freshwire.it.jdkhttp;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The client takes a handshake that was broken off for a server without HTTP/2. */
class BrokenHandshakeIT {
  private static final int REQUESTS = 400;

  /** The server has HTTP/2 only, as one of gRPC's: what comes in HTTP/1.1 is lost. */
  @ParameterizedTest(name = "on {0}")
  @MethodSource("dev.freshwire.it.harness.TestedJvm#all")
  void requestsThatBeginMeanwhileStillNegotiateHttp2(TestedJvm jvm) {
    try (FaultServer server =
            FaultServer.start(Protocol.TLS_H2, Script.always(answer()))
                .admission(number -> number % 3 == 0 ? Admission.HANG_UP : Admission.SERVE);
        ForkedClient fork =
            ForkedClient.start(
                jvm,
                new ClientVersion("java.net.http", ClientVersion.OF_THE_JVM),
                JdkHttpUnderTest.class,
                "hosts=localhost,retry.budget=off,retry.max-attempts=10,retry.backoff=1ms..2ms");
        ForkedClient.Session session = fork.open(Map.of())) {
      List<CallResult> results =
          session.burst(
              server.url("localhost", "/"),
              List.of("POST"),
              "p",
              REQUESTS,
              16,
              Duration.ofMinutes(2));
      assertThat(results).allMatch(CallResult::ok);
      assertThat(server.ledger().arrivals()).isEqualTo(REQUESTS);
    }
  }
}

package dev.freshwire.it.failures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ClientVersion;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A field of {@code HttpURLConnection}'s classes that is looked for by reflection and missing, as a
 * JDK might have it that nobody has seen yet. A request finds out before it is one of ours, not
 * when another attempt is due: then the application would get what we threw.
 */
class DoctoredJdkIT {
  @TempDir private Path directory;

  @ParameterizedTest(name = "{0} is missing")
  @ValueSource(
      strings = {
        "readTimeout",
        "serverSocket",
        "closed",
        "ps",
        "cachedHttpClient",
        "retryPostProp"
      })
  void theApplicationGoesOnAsWithoutTheAgent(String field) throws IOException {
    String doctor =
        "-javaagent:"
            + Doctor.jar(directory.resolve("doctor.jar"))
            + "=sun/net/ "
            + field
            + " Freshwire";
    List<String> stock;
    try (ForkedClient fork = start(null, doctor)) {
      stock = outcomes(fork);
    }
    ForkedClient fork = start("hosts=localhost,retry.backoff=1ms..2ms", doctor);
    List<String> ours = outcomes(fork);
    fork.close();

    assertThat(ours).as(fork.stderr()).isEqualTo(stock);
    assertThat(fork.report().orElseThrow().errors()).as(fork.stderr()).isPositive();
    assertThat(fork.stderr().lines().filter(line -> line.startsWith("WARN")))
        .as(fork.stderr())
        .hasSize(1);
    assertThat(fork.stderr()).contains("NoSuchFieldException: " + field);
  }

  private static List<String> outcomes(ForkedClient fork) {
    List<String> outcomes = new ArrayList<>();
    for (String method : List.of("GET", "POST")) {
      outcomes.add(outcome(fork, method, Script.always(Faults.answer())));
      outcomes.add(outcome(fork, method, once(Faults.reject(503, Map.of()))));
      outcomes.add(outcome(fork, method, once(Faults.reset())));
    }
    return outcomes;
  }

  private static Script once(Fault fault) {
    return Script.inTurn(fault, Faults.answer());
  }

  private static String outcome(ForkedClient fork, String method, Script script) {
    try (FaultServer server = FaultServer.start(Protocol.H1, script);
        ForkedClient.Session session = fork.open(Map.of("readTimeout", 15_000))) {
      CallResult result = session.call(CallSpec.of(method, server.url("localhost", "/"), "r"));
      return result + ", arrived " + server.ledger().arrivals("r");
    }
  }

  private static ForkedClient start(@Nullable String options, String... jvmOptions) {
    return ForkedClient.start(
        TestedJvm.all().get(0),
        new ClientVersion("HttpURLConnection", ClientVersion.OF_THE_JVM),
        HttpUrlConnectionUnderTest.class,
        options,
        jvmOptions);
  }
}

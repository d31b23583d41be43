package dev.freshwire.it.supabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.abort;

import dev.freshwire.it.faults.Fault;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.TestedJvm;
import dev.freshwire.it.twin.Protocol;
import dev.freshwire.it.twin.SupabaseTwin;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What supabase-kt does by itself: trying again, and keeping Realtime's socket. */
@ParameterizedClass(name = "{0}, {1}, on {2}")
@MethodSource("runtimes")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SupabaseByItselfIT {
  private static final int OUR_ATTEMPTS = 3;
  private static final String HASTY = "hosts=localhost,connect-timeout=30s,retry.backoff=1ms..5ms";

  /** Each of the agent's limits, shorter than the silence. */
  private static final String LIMITS =
      "hosts=localhost,connect-timeout=3s,read-timeout=3s,call-timeout=5s,retry.deadline=3s,"
          + "reuse.max-idle=1s,reuse.max-age=2s";

  private static final Duration SILENCE = Duration.ofSeconds(6);

  /** supabase-kt connects again after seven seconds; the agent would within one. */
  private static final Duration BEFORE_ITS_OWN = Duration.ofSeconds(4);

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  @Parameter(0)
  private @Nullable SupabaseVersion version;

  @Parameter(1)
  private @Nullable Engine engine;

  @Parameter(2)
  private @Nullable TestedJvm jvm;

  @TempDir private Path directory;

  static Stream<Arguments> runtimes() {
    return SupabaseVersion.tested().stream()
        .flatMap(
            version ->
                (SupabaseVersion.all() ? version.engines() : List.of(Engine.OKHTTP))
                    .stream()
                        .flatMap(
                            engine ->
                                TestedJvm.all().stream()
                                    .map(jvm -> Arguments.of(version, engine, jvm))));
  }

  /** The agent tries the first of supabase-kt's attempts again, and none that says it is one. */
  @Test
  void aStatusIsTriedAgainByOneOfTheTwo() {
    assertAddedUp(Faults.reject(503, Map.of()));
  }

  @Test
  void aConnectionThatFailsIsTriedAgainByOneOfTheTwo() {
    assertAddedUp(Faults.reset());
  }

  /** Engines multiply, too: what they replay by themselves the agent suppresses. */
  private void assertAddedUp(Fault fault) {
    int itsOwn = version().attempts();
    int stock = arrivals(fault, null, "select", "table", "prices");
    assertThat(stock).as("without the agent").isIn(itsOwn, 2 * itsOwn);
    assertThat(arrivals(fault, HASTY, "select", "table", "prices"))
        .as("%s without the agent", stock)
        .isEqualTo(itsOwn + OUR_ATTEMPTS - 1);
  }

  @Test
  void aWriteThatFailsArrivesOnce() {
    assertThat(arrivals(Faults.reject(503, Map.of()), HASTY, "insert", "ref", "one")).isEqualTo(1);
    assertThat(arrivals(Faults.reset(), HASTY, "insert", "ref", "one")).isEqualTo(1);
  }

  /** How often the server sees a request of which each attempt fails like this. */
  private int arrivals(Fault fault, @Nullable String agentOptions, String... what) {
    ForkedApplication application = start(agentOptions);
    int seen;
    try (application;
        FaultServer server =
            FaultServer.start(dev.freshwire.it.faults.Protocol.H1, Script.always(fault));
        ForkedApplication.Project project =
            application.open(server.url("localhost", ""), engine())) {
      String[] arguments = new String[] {what[1], what[2]};
      assertThatThrownBy(() -> project.perform(what[0], arguments))
          .isInstanceOf(ForkedApplication.ApplicationFailure.class);
      seen = server.ledger().arrivals();
    }
    assertNoError(application, agentOptions);
    return seen;
  }

  @Test
  void realtimeOutlastsEveryLimit() throws IOException {
    skipWithoutWebSockets();
    ForkedApplication application = start(LIMITS);
    try (application;
        SupabaseTwin twin = SupabaseTwin.builder().protocols(Protocol.H1).start();
        CuttableGateway gateway = new CuttableGateway(twin.port(Protocol.H1));
        ForkedApplication.Project project = open(application, gateway)) {
      // The first request of a JVM takes its time, and the limit for a call is short.
      project.perform("select", "table", "prices");
      String heard =
          project
              .perform("realtime", "ref", "late", "silence", "" + SILENCE.toMillis())
              .path("ref")
              .asText();
      assertThat(heard).isEqualTo("late");
      assertThat(gateway.accepted()).as("a select, the socket and an insert").isEqualTo(3);
    }
    assertNoError(application, LIMITS);
  }

  @Test
  void realtimeIsConnectedAgainByItsClientAlone() throws IOException {
    skipWithoutWebSockets();
    Reconnected guarded = reconnected(HASTY);
    assertThat(guarded.atOnce()).as("connected by the agent").isFalse();
    assertThat(guarded.connections()).as("the socket, and supabase-kt's next one").isEqualTo(2);
    assertThat(guarded).as("as without the agent").isEqualTo(reconnected(null));
  }

  /** What became of a socket that was cut. */
  private record Reconnected(boolean atOnce, int connections) {}

  private Reconnected reconnected(@Nullable String agentOptions) throws IOException {
    ForkedApplication application = start(agentOptions);
    Reconnected outcome;
    try (application;
        SupabaseTwin twin = SupabaseTwin.builder().protocols(Protocol.H1).start();
        CuttableGateway gateway = new CuttableGateway(twin.port(Protocol.H1))) {
      ForkedApplication.Project project = open(application, gateway);
      project.perform("subscribe");
      gateway.cut();
      boolean atOnce = awaitAnother(gateway, BEFORE_ITS_OWN);
      assertThat(awaitAnother(gateway, PATIENCE)).as("connected by supabase-kt").isTrue();
      // Its coroutines may outlast the project, with the agent and without.
      outcome = new Reconnected(atOnce, gateway.accepted());
    }
    assertNoError(application, agentOptions);
    return outcome;
  }

  private static boolean awaitAnother(CuttableGateway gateway, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (gateway.accepted() == 1 && System.nanoTime() - deadline < 0) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
    return gateway.accepted() > 1;
  }

  private void skipWithoutWebSockets() {
    if (!engine().hasWebSockets()) {
      abort("Ktor has no WebSockets on " + engine());
    }
  }

  private ForkedApplication.Project open(ForkedApplication application, CuttableGateway gateway) {
    return application.open("http://localhost:" + gateway.port(), engine());
  }

  private ForkedApplication start(@Nullable String agentOptions) {
    return ForkedApplication.start(
        Objects.requireNonNull(jvm), version(), directory.resolve(engine().name()), agentOptions);
  }

  private SupabaseVersion version() {
    return Objects.requireNonNull(version);
  }

  private Engine engine() {
    return Objects.requireNonNull(engine);
  }

  private static void assertNoError(ForkedApplication application, @Nullable String agentOptions) {
    if (agentOptions != null) {
      assertThat(application.report().errors()).as("%s", application.stderr()).isZero();
    }
  }
}

package dev.freshwire.it.operations;

import static dev.freshwire.it.faults.Faults.answer;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.Admission;
import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Ledger;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Nobody is left with spare connections, and nobody has them who did not ask. */
class SpareConnectionsIT {
  private static final Duration EVENT = Duration.ofSeconds(20);
  private static final int MOST = 3;

  /** So long that no test sees the end of it. */
  private static final String KEPT =
      "hosts=localhost,connect-timeout=30s,prewarm.max-idle=1h,prewarm=" + MOST;

  private static final Set<String> PREWARMED =
      Set.of("okhttp 5.5.1", "HttpURLConnection of the JVM", "java.net.http of the JVM");

  @TempDir Path directory;

  static Stream<Arguments> each() {
    return TestedJvm.all().stream()
        .flatMap(
            jvm ->
                TestedClient.oneOfEach().stream()
                    .filter(client -> PREWARMED.contains(client.toString()))
                    .flatMap(
                        client ->
                            client.protocols().stream()
                                .map(protocol -> Arguments.of(client, protocol, jvm))));
  }

  static Stream<Arguments> closing() {
    return each().filter(at -> String.valueOf(at.get()[0]).startsWith("java.net.http"));
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("each")
  void detaching_closes_them(TestedClient client, Protocol protocol, TestedJvm jvm)
      throws Exception {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient fork = client.start(jvm, KEPT);
        ForkedClient.Session session = fork.open(Map.of())) {
      makeSpare(session, server);
      assertThat(OperatedJvm.command(jvm, directory, "detach", fork.pid()).status()).isZero();
      assertAllClosed(server);
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("closing")
  void closing_the_client_closes_them(TestedClient client, Protocol protocol, TestedJvm jvm) {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient fork = client.start(jvm, KEPT)) {
      ForkedClient.Session session = fork.open(Map.of());
      makeSpare(session, server);
      // Before 21 the driver forgets it, and has the garbage collected.
      session.close();
      assertAllClosed(server);
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("each")
  void a_host_out_of_scope_has_none(TestedClient client, Protocol protocol, TestedJvm jvm) {
    try (FaultServer server = FaultServer.start(protocol, Script.always(answer()));
        FaultServer other = FaultServer.start(protocol, Script.always(answer()));
        ForkedClient fork = client.start(jvm, KEPT);
        ForkedClient.Session session = fork.open(Map.of())) {
      for (int i = 0; i < 5; i++) {
        call(session, other.url("127.0.0.1", "/"), "other " + i);
      }
      // By the time that one in scope has its own, the other would.
      makeSpare(session, server);
      assertThat(other.ledger().accepted()).as("%s", other.ledger()).isEqualTo(1);
    }
  }

  static Stream<Arguments> secure() {
    return each().filter(at -> !Protocol.H1.equals(at.get()[1]));
  }

  /** Or it would hold what one that is answered could have, for as long as the client likes. */
  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("secure")
  void one_whose_handshake_is_not_answered_is_closed_in_time(
      TestedClient client, Protocol protocol, TestedJvm jvm) {
    try (Deaf deaf = new Deaf(protocol);
        ForkedClient fork = client.start(jvm, KEPT.replace("=30s", "=2s"));
        ForkedClient.Session session = fork.open(Map.of())) {
      assertClosed(deaf.makeSpare(session), deaf.server);
    }
  }

  static Stream<Arguments> closingSecure() {
    return closing().filter(at -> !Protocol.H1.equals(at.get()[1]));
  }

  /** The timer is the client's, and ends with it. */
  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("closingSecure")
  void closing_the_client_closes_one_that_is_being_made(
      TestedClient client, Protocol protocol, TestedJvm jvm) {
    try (Deaf deaf = new Deaf(protocol);
        ForkedClient fork = client.start(jvm, KEPT.replace("=30s", "=5s"))) {
      ForkedClient.Session session = fork.open(Map.of());
      int number = deaf.makeSpare(session);
      session.close();
      assertClosed(number, deaf.server);
    }
  }

  private static void assertClosed(int number, FaultServer server) {
    assertThat(
            server.ledger().await(EVENT, now -> now.openAfter(number - 1) == now.openAfter(number)))
        .as("connection %s is closed: %s", number, server.ledger())
        .isTrue();
  }

  /** A server that may leave handshakes unanswered. */
  private static final class Deaf implements AutoCloseable {
    final FaultServer server;
    private volatile boolean deaf;
    private final AtomicInteger ignored = new AtomicInteger();
    private final AtomicInteger first = new AtomicInteger();

    Deaf(Protocol protocol) {
      server = FaultServer.start(protocol, Script.always(answer()));
      server.admission(this::admit);
    }

    private Admission admit(int number) {
      if (!deaf) {
        return Admission.SERVE;
      }
      ignored.incrementAndGet();
      first.compareAndSet(0, number);
      return Admission.IGNORE;
    }

    /** The number of a spare connection whose handshake is not answered. */
    int makeSpare(ForkedClient.Session session) {
      boolean made = false;
      for (int i = 0; i < 20 && !made; i++) {
        deaf = false;
        call(session, server.url("localhost", "/"), "answered " + i);
        boolean ready =
            server
                .ledger()
                .await(
                    Duration.ofMillis(500), now -> now.accepted() - ignored.get() > now.arrivals());
        first.set(0);
        deaf = ready;
        CallResult result = session.call(CallSpec.of("GET", server.url("localhost", "/"), "t" + i));
        // Answered, it was sent on a spare: what was not answered is another that is made for that.
        made =
            ready
                && result.ok()
                && server.ledger().await(Duration.ofMillis(500), now -> first.get() > 0);
      }
      assertThat(made).as("a spare connection: %s", server.ledger()).isTrue();
      return first.get();
    }

    @Override
    public void close() {
      server.close();
    }
  }

  @ParameterizedTest(name = "{0}, {1}, {2}")
  @MethodSource("each")
  void when_requests_stop_no_more_are_wasted_than_there_may_be(
      TestedClient client, Protocol protocol, TestedJvm jvm) {
    Script slow = Script.always(Faults.answerAfter(Duration.ofMillis(20)));
    try (FaultServer server = FaultServer.start(protocol, slow);
        ForkedClient fork = client.start(jvm, KEPT.replace("max-idle=1h", "max-idle=5s"));
        ForkedClient.Session session = fork.open(Map.of())) {
      List<CallResult> results =
          session.burst(server.url("localhost", "/"), List.of("GET", "POST"), "b", 100, 8, EVENT);
      assertThat(results).allMatch(CallResult::ok);
      assertAllClosed(server);
      assertThat(server.ledger().accepted() - server.ledger().arrivals())
          .as("%s", server.ledger())
          .isBetween(1, MOST);
    }
  }

  private static void call(ForkedClient.Session session, String url, String id) {
    CallResult result = session.call(CallSpec.of("GET", url, id));
    assertThat(result.status()).as("%s", result).isEqualTo(200);
  }

  /** Makes requests until there is a connection that none has come on. */
  private static void makeSpare(ForkedClient.Session session, FaultServer server) {
    Ledger ledger = server.ledger();
    boolean made = false;
    for (int i = 0; i < 20 && !made; i++) {
      call(session, server.url("localhost", "/"), "making " + i);
      made = ledger.await(Duration.ofMillis(500), seen -> seen.accepted() > seen.arrivals());
    }
    assertThat(made).as("a spare connection: %s", ledger).isTrue();
  }

  private static void assertAllClosed(FaultServer server) {
    assertThat(server.ledger().await(EVENT, seen -> seen.open() == 0))
        .as("no connection left open: %s", server.ledger())
        .isTrue();
  }
}

package dev.freshwire.it.hostile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import dev.freshwire.it.harness.CallResult;
import dev.freshwire.it.harness.CallSpec;
import dev.freshwire.it.harness.CompatibilityRows;
import dev.freshwire.it.harness.ForkedClient;
import dev.freshwire.it.harness.TestedClient;
import dev.freshwire.it.harness.TestedJvm;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The call ends as it does without the agent, or better, in time, after no more attempts than the
 * policy has; and the agent counts no error of its own.
 */
@EnabledIfSystemProperty(
    named = "freshwire.test.trust",
    matches = "true",
    disabledReason = "runs with integration-tests/trust")
@ExtendWith(CompatibilityRows.class)
@ParameterizedClass(name = "{0}")
@MethodSource("clients")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileServerIT {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int ATTEMPTS = 3;

  /** What is sent back on a plain connection. */
  @SuppressWarnings("ImmutableEnumChecker") // What is written is a function without state.
  enum Nonsense {
    NOT_HTTP(out -> write(out, "220 mail.example ESMTP\r\n")),
    NOTHING(out -> {}),
    STATUS_OUT_OF_RANGE(out -> write(out, "HTTP/1.1 99999999999 Huge\r\n\r\n")),
    STATUS_NEGATIVE(out -> write(out, "HTTP/1.1 -1 Less\r\nContent-Length: 0\r\n\r\n")),
    STATUS_ALONE(out -> write(out, "HTTP/1.1 503")),
    LENGTH_NEGATIVE(out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx")),
    LENGTH_TOO_LARGE(
        out -> write(out, "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nx")),
    CHUNKS_OF_NOTHING(
        out -> write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")),
    HEADER_WITHOUT_NAME(out -> write(out, "HTTP/1.1 200 OK\r\n: x\r\nContent-Length: 0\r\n\r\n")),
    ZEROS(out -> out.write(new byte[4096])),
    MEGABYTE_HEADER(
        out -> {
          write(out, "HTTP/1.1 503 Busy\r\nRetry-After: ");
          write(out, "9".repeat(1 << 20));
          write(out, "\r\nContent-Length: 0\r\n\r\n");
        }),
    ENDLESS_HEADERS(
        out -> {
          write(out, "HTTP/1.1 200 OK\r\n");
          for (int i = 0; i < 200_000; i++) {
            write(out, "X-" + i + ": y\r\n");
          }
        }),
    SWITCHING_FOR_EVER(out -> write(out, "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000)));

    private final RawServer.Answer answer;

    Nonsense(RawServer.Answer answer) {
      this.answer = answer;
    }

    private static void write(OutputStream out, String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }
  }

  /** What is asked of the client in a header, with a status of 503. */
  enum RetryAfterValue {
    CENTURY("3153600000", 503),
    LONGER_THAN_A_NUMBER("9".repeat(400), -1),
    NEGATIVE("-1", 200),
    NONSENSE("when hell freezes over", 200),
    LAST_CENTURY("Sun, 06 Nov 1994 08:49:37 GMT", 200),
    NEXT_CENTURY("Sat, 06 Nov 2094 08:49:37 GMT", 503);

    private final String value;

    /** What the application gets; -1: one or the other. */
    private final int status;

    RetryAfterValue(String value, int status) {
      this.value = value;
      this.status = status;
    }
  }

  @Parameter(0)
  private @Nullable TestedClient client;

  private @Nullable ForkedClient with;
  private @Nullable ForkedClient without;

  static List<TestedClient> clients() {
    return TestedClient.oneOfEach();
  }

  @ParameterizedTest(name = "malformed response, {0}")
  @EnumSource(Nonsense.class)
  void malformed(Nonsense nonsense) throws IOException {
    assertEndsAlike("http", nonsense.answer);
  }

  @ParameterizedTest(name = "truncated TLS record, {0}")
  @ValueSource(ints = {0, 3, 5, 40})
  void truncatedTlsRecord(int bytes) throws IOException {
    byte[] record = new byte[45];
    record[0] = 22; // handshake, TLS 1.2, 40 bytes to come, of a ServerHello
    record[1] = 3;
    record[2] = 3;
    record[4] = 40;
    record[5] = 2;
    assertEndsAlike("https", out -> out.write(record, 0, bytes));
  }

  private void assertEndsAlike(String scheme, RawServer.Answer answer) throws IOException {
    CallResult stock;
    CallResult ours;
    try (RawServer server = new RawServer(answer)) {
      stock = get(without(), scheme + "://localhost:" + server.port() + "/");
    }
    try (RawServer server = new RawServer(answer)) {
      ours = get(with(), scheme + "://localhost:" + server.port() + "/");
      assertThat(ours.pending()).isFalse();
      // OkHttp tries TLS once more in another way, and the JDK reads once more, for each attempt.
      assertThat(server.connections()).isLessThanOrEqualTo(2 * ATTEMPTS);
    }
    if (!stock.pending()) {
      assertThat(ours.status()).as("%s, without: %s", ours, stock).isEqualTo(stock.status());
    }
  }

  @ParameterizedTest(name = "Retry-After, {0}")
  @EnumSource(RetryAfterValue.class)
  void retryAfter(RetryAfterValue value) {
    Script script =
        Script.inTurn(Faults.reject(503, Map.of("Retry-After", value.value)), Faults.answer());
    CallResult stock;
    try (FaultServer server = FaultServer.start(Protocol.H1, script)) {
      stock = get(without(), server.url("localhost", "/"));
    }
    try (FaultServer server = FaultServer.start(Protocol.H1, script)) {
      CallResult result = get(with(), server.url("localhost", "/"));
      assertThat(result.pending()).as("%s", result).isFalse();
      // OkHttp itself fails on a number that is too large for it.
      assertThat(result.failed()).as("%s, without: %s", result, stock).isEqualTo(stock.failed());
      if (value.status > 0 && !stock.failed()) {
        assertThat(result.status()).isEqualTo(value.status);
      }
    }
  }

  @ParameterizedTest(name = "a redirect to itself, {0}")
  @EnumSource(value = Protocol.class, names = "TLS_H1", mode = EnumSource.Mode.EXCLUDE)
  void redirectLoop(Protocol protocol) {
    Protocol spoken = spoken(protocol);
    Script script = Script.always(Faults.reject(302, Map.of("Location", "/")));
    int arrivals;
    CallResult stock;
    try (FaultServer server = FaultServer.start(spoken, script);
        ForkedClient.Session session = without().open(Map.of())) {
      stock = call(session, server.url("localhost", "/"));
      arrivals = server.ledger().arrivals("hostile");
    }
    try (FaultServer server = FaultServer.start(spoken, script);
        ForkedClient.Session session = with().open(Map.of())) {
      CallResult ours = call(session, server.url("localhost", "/"));
      assertThat(ours.status()).as("%s, without: %s", ours, stock).isEqualTo(stock.status());
      assertThat(server.ledger().arrivals("hostile")).isEqualTo(arrivals);
    }
  }

  @ParameterizedTest(name = "GOAWAY or REFUSED_STREAM to every request, {0}")
  @EnumSource(value = Protocol.class, names = "TLS_H2")
  void goAwayStorm(Protocol protocol) {
    Assumptions.assumeTrue(client().speaks(protocol), "it speaks HTTP/1.1 only");
    for (Script script :
        new Script[] {Script.always(Faults.goAwayBelow()), Script.always(Faults.refuseStream())}) {
      try (FaultServer server = FaultServer.start(protocol, script);
          ForkedClient.Session session = with().open(Map.of())) {
        CallResult result = call(session, server.url("localhost", "/"));
        assertThat(result.failed()).as("%s", result).isTrue();
        assertThat(server.ledger().arrivals("hostile")).isBetween(1, ATTEMPTS);
        assertThat(server.ledger().await(PATIENCE, ledger -> ledger.open() == 0)).isTrue();
      }
    }
  }

  @AfterParameterizedClassInvocation
  void theAgentCountedNoError() {
    ForkedClient fork = with;
    if (fork != null) {
      fork.close();
      assertThat(fork.report().orElseThrow().errors()).as(fork.stderr()).isZero();
      assertThat(fork.stderr()).doesNotContain("WARN freshwire", "ERROR");
    }
    if (without != null) {
      without.close();
    }
    with = null;
    without = null;
  }

  private static CallResult get(ForkedClient fork, String url) {
    try (ForkedClient.Session session = fork.open(Map.of("readTimeout", 5_000))) {
      return call(session, url);
    }
  }

  private static CallResult call(ForkedClient.Session session, String url) {
    ForkedClient.Running running = session.start(CallSpec.of("GET", url, "hostile"));
    CallResult result = running.await(PATIENCE);
    if (result.pending()) {
      running.cancel();
    }
    return result;
  }

  private Protocol spoken(Protocol wanted) {
    return client().speaks(wanted) ? wanted : Protocol.H1;
  }

  private ForkedClient with() {
    ForkedClient fork = with;
    if (fork == null) {
      fork =
          client()
              .start(
                  TestedJvm.all().get(0),
                  "hosts=localhost,connect-timeout=3s,read-timeout=5s,retry.budget=off");
      with = fork;
    }
    return fork;
  }

  private ForkedClient without() {
    ForkedClient fork = without;
    if (fork == null) {
      fork = client().start(TestedJvm.all().get(0), null);
      without = fork;
    }
    return fork;
  }

  private TestedClient client() {
    return Objects.requireNonNull(client);
  }
}

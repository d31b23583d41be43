package dev.freshwire.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.policy.RetryVerdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ReportTest {
  private final TestedAgent agent = new TestedAgent();
  private final Telemetry telemetry = agent.telemetry;

  @Test
  void says_so_where_nothing_was_found() {
    assertThat(Report.text(agent))
        .isEqualTo(
            """
            freshwire 1.2.3, mode enforce, 0 errors
            report="C:\\x" (agent arguments)

            no client library was found

            no requests to origins in scope
            """);
    assertThat(Report.json(agent))
        .isEqualTo(
            "{\"version\":\"1.2.3\",\"mode\":\"enforce\",\"configuration\":"
                + "\"report=\\\"C:\\\\x\\\" (agent arguments)\",\"errors\":0,"
                + "\"clients\":[],\"origins\":{}}\n");
  }

  @Test
  void has_a_row_for_each_origin_and_its_verdicts_below() {
    count("a.example", 443, Counter.REQUESTS, 1000);
    count("a.example", 443, Counter.ATTEMPTS, 1001);
    telemetry.of("a.example", 443).add(RetryVerdict.RETRY_STATUS);
    telemetry.of("a.example", 443).add(RetryVerdict.REFUSE_BUDGET);
    count("b.example", 80, Counter.REUSES_REFUSED, 2);

    assertThat(Report.text(agent))
        .contains(
            "origin         requests  attempts  opened  reused  retries  timeouts  replays\n",
            """
            a.example:443      1000      1001       0       0        1         0        0
              RETRY_STATUS 1, REFUSE_BUDGET 1
            """,
            """
            b.example:80          0         0       0       0        0         0        0
              REUSES_REFUSED 2
            """);
    assertThat(Report.json(agent))
        .contains("\"a.example:443\":{\"REQUESTS\":1000,\"ATTEMPTS\":1001,")
        .contains("\"RETRY_STATUS\":1");
  }

  /** Else it would be shown nowhere but in JMX, and nobody would know what it counts. */
  @ParameterizedTest
  @EnumSource
  void every_counter_is_shown_and_explained(Counter counter) throws IOException {
    count("a.example", 443, counter, 42);
    assertThat(Report.text(agent)).containsPattern("\\b42\\b");
    assertThat(Files.readString(Path.of("..", "docs", "observe.md")))
        .contains("\n| `" + counter + "` | ");
  }

  @Test
  void tells_what_is_woven_from_what_was_hit() {
    int first = telemetry.libraries().numberHooks(2);
    telemetry
        .libraries()
        .enforced("okhttp", "4.12.0", null, Map.of("reuse", first, "retry", first + 1), List.of());
    telemetry.libraries().rewritten("okhttp", null, "a/B");
    telemetry.libraries().rewritten("okhttp", null, "a/B");
    telemetry.libraries().hits()[first + 1].add(3);
    telemetry.libraries().unsupported("okhttp", "2.7.5", getClass().getClassLoader(), "too old");

    assertThat(Report.text(agent))
        .contains(
            """
            okhttp 4.12.0 (loader boot): enforced, 1 classes rewritten
              hook hits: retry 3, reuse 0
            """,
            "okhttp 2.7.5 (loader app): not enforced: too old\n");
    assertThat(Report.json(agent))
        .contains(
            "{\"client\":\"okhttp\",\"version\":\"4.12.0\",\"loader\":\"boot\",\"enforced\":true,"
                + "\"reason\":\"\",\"rewritten\":1,\"hits\":{\"retry\":3,\"reuse\":0}}");
  }

  @Test
  void what_a_hook_throws_is_told_without_its_message() {
    Throwable failure =
        new IllegalArgumentException("header value s3cr3t", new RuntimeException("s3cr3t"));
    assertThat(Telemetry.trace(failure))
        .startsWith("java.lang.IllegalArgumentException\n\tat dev.freshwire.telemetry.ReportTest")
        .contains("Caused by: java.lang.RuntimeException")
        .doesNotContain("s3cr3t");
    telemetry.hookFailed("okhttp reuse", failure);
    telemetry.hookFailed("okhttp reuse", failure);
    assertThat(telemetry.errors()).isEqualTo(2);
  }

  @Test
  void what_a_hook_misses_of_a_client_is_told_by_name() {
    Throwable failure =
        new ExceptionInInitializerError(
            new IllegalStateException("s3cr3t", new NoSuchFieldException("closed")));
    assertThat(Telemetry.trace(failure))
        .contains("\nCaused by: java.lang.NoSuchFieldException: closed")
        .doesNotContain("s3cr3t");
    assertThat(Telemetry.trace(new ExceptionInInitializerError("s3cr3t"))).doesNotContain("s3cr3t");
  }

  @Test
  void a_reset_forgets_the_numbers_and_keeps_the_libraries() {
    int first = telemetry.libraries().numberHooks(1);
    telemetry.libraries().enforced("okhttp", "5", null, Map.of("reuse", first), List.of());
    telemetry.libraries().hits()[first].add(3);
    count("a.example", 443, Counter.REQUESTS, 2);
    telemetry.reset();
    assertThat(Report.text(agent)).contains("reuse 0", "no requests", "okhttp 5");
  }

  @Test
  void a_million_origins_do_not_make_a_million_rows() {
    for (int i = 0; i < 5_000; i++) {
      count("host" + i + ".example", 443, Counter.REQUESTS, 1);
    }
    int[] rows = {0};
    long[] requests = {0};
    telemetry.forEachOrigin(
        (origin, counters) -> {
          rows[0]++;
          requests[0] += counters.get(Counter.REQUESTS);
        });
    assertThat(rows[0]).isEqualTo(1_001);
    assertThat(requests[0]).isEqualTo(5_000);
  }

  @Test
  void hooks_beyond_the_limit_are_not_counted_and_break_nothing() {
    int first = 0;
    for (int i = 0; i < 1_000; i++) {
      first = telemetry.libraries().numberHooks(32);
      telemetry.libraries().enforced("okhttp", "v" + i, null, Map.of("reuse", first), List.of());
    }
    assertThat(telemetry.libraries().list()).hasSize(Libraries.LIMIT);
    assertThat(first).isEqualTo(telemetry.libraries().hits().length);
  }

  private void count(String host, int port, Counter counter, int times) {
    for (int i = 0; i < times; i++) {
      telemetry.of(host, port).add(counter);
    }
  }
}

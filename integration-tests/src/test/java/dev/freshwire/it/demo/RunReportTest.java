package dev.freshwire.it.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.it.demo.RunReport.CheckSpan;
import dev.freshwire.it.demo.RunReport.RequestRecord;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RunReportTest {

  private static final List<CheckSpan> SPANS =
      List.of(new CheckSpan("a", 100, 200), new CheckSpan("b", 200, Long.MAX_VALUE));

  @Test
  void attributesRequestsConnectionsAndDoubledWritesToTheirCheck() {
    RunReport report =
        report(
            List.of(
                new RequestRecord("a", "r1", true, "", 1_000),
                new RequestRecord("b", "r2", true, "", 3_000),
                new RequestRecord("b", "r3", false, "SocketException", 9_000)),
            Set.of("r2"),
            true);

    assertThat(report.checks())
        .containsExactly(
            new CheckResult("a", 1, 1, Map.of(), 0, 1, 1, 1),
            new CheckResult("b", 2, 1, Map.of("SocketException", 1), 1, 2, 3, 9));
    assertThat(report.total().connections()).isEqualTo(3);
    assertThat(report.showsBothFailures()).isTrue();
    assertThat(report.perfect()).isFalse();
  }

  @Test
  void isPerfectOnlyIfCompleteWithEveryRequestAnsweredAndNoWriteDoubled() {
    RequestRecord good = new RequestRecord("a", "r1", true, "", 1);
    RequestRecord bad = new RequestRecord("a", "r2", false, "x", 1);

    assertThat(report(List.of(good), Set.of(), true).perfect()).isTrue();
    assertThat(report(List.of(good), Set.of(), false).perfect()).isFalse();
    assertThat(report(List.of(good), Set.of("r1"), true).perfect()).isFalse();
    assertThat(report(List.of(good, bad), Set.of(), true).perfect()).isFalse();
    assertThat(report(List.of(), Set.of(), true).perfect()).isFalse();
  }

  @Test
  void takesTheNearestRankAsThePercentile() {
    List<Long> hundred = LongStream.rangeClosed(1, 100).map(n -> n * 1000).boxed().toList();

    assertThat(RunReport.percentile(hundred, 50)).isEqualTo(50);
    assertThat(RunReport.percentile(hundred, 99)).isEqualTo(99);
    assertThat(RunReport.percentile(List.of(7_000L), 99)).isEqualTo(7);
    assertThat(RunReport.percentile(List.of(), 99)).isZero();
  }

  @Test
  void laysTheTableOutInColumns() {
    String table =
        ReportTable.of(
            "title",
            report(
                List.of(
                    new RequestRecord("a", "r1", true, "", 1_500),
                    new RequestRecord("b", "r2", false, "SocketException", 2_000)),
                Set.of(),
                true));

    assertThat(table.lines())
        .containsExactly(
            "title",
            "  check  requests  ok  failed  twice  conns  p50 ms  p99 ms  failures",
            "  -----  --------  --  ------  -----  -----  ------  ------  -----------------",
            "  a             1   1       0      0      1     1.5     1.5",
            "  b             1   0       1      0      2     2.0     2.0  1 SocketException",
            "  -----  --------  --  ------  -----  -----  ------  ------  -----------------",
            "  total         2   1       1      0      3     1.5     2.0  1 SocketException");
  }

  private static RunReport report(
      List<RequestRecord> requests, Set<String> appliedTwice, boolean complete) {
    return RunReport.of(requests, SPANS, List.of(100L, 200L, 300L), appliedTwice, complete, 0, "");
  }
}

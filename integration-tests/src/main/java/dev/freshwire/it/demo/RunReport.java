package dev.freshwire.it.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one run of the trading agent came to.
 *
 * @param checks one result per check, in order
 * @param total all of them together
 * @param complete whether the application ran to its end
 * @param exitStatus of the application
 * @param errorOutput what the application's JVM wrote on its standard error
 */
record RunReport(
    List<CheckResult> checks,
    CheckResult total,
    boolean complete,
    int exitStatus,
    String errorOutput) {

  /** Every request answered, no write applied twice. */
  boolean perfect() {
    return complete && total.requests() > 0 && total.failed() == 0 && total.appliedTwice() == 0;
  }

  /** Requests failed, and a write was applied twice. */
  boolean showsBothFailures() {
    return total.failed() > 0 && total.appliedTwice() > 0;
  }

  static RunReport of(
      List<RequestRecord> requests,
      List<CheckSpan> spans,
      List<Long> accepted,
      java.util.Set<String> appliedTwice,
      boolean complete,
      int exitStatus,
      String errorOutput) {
    List<CheckResult> checks = new ArrayList<>();
    for (CheckSpan span : spans) {
      List<RequestRecord> made =
          requests.stream().filter(request -> request.check().equals(span.check())).toList();
      long opened = accepted.stream().filter(span::covers).count();
      checks.add(result(span.check(), made, Math.toIntExact(opened), appliedTwice));
    }
    CheckResult total = result("total", requests, accepted.size(), appliedTwice);
    return new RunReport(checks, total, complete, exitStatus, errorOutput);
  }

  private static CheckResult result(
      String check,
      List<RequestRecord> requests,
      int connections,
      java.util.Set<String> appliedTwice) {
    Map<String, Integer> failures = new TreeMap<>();
    requests.stream()
        .filter(request -> !request.ok())
        .forEach(request -> failures.merge(request.error(), 1, Integer::sum));
    List<Long> micros = requests.stream().map(RequestRecord::micros).sorted().toList();
    return new CheckResult(
        check,
        requests.size(),
        (int) requests.stream().filter(RequestRecord::ok).count(),
        failures,
        (int) requests.stream().filter(r -> appliedTwice.contains(r.requestId())).count(),
        connections,
        percentile(micros, 50),
        percentile(micros, 99));
  }

  /** The nearest-rank percentile in milliseconds; 0 where there is no request. */
  static double percentile(List<Long> sortedMicros, int percent) {
    if (sortedMicros.isEmpty()) {
      return 0;
    }
    int rank = (int) Math.ceil(percent / 100.0 * sortedMicros.size());
    return sortedMicros.get(Math.max(0, rank - 1)) / 1000.0;
  }

  /** One request, as the application saw it. */
  record RequestRecord(String check, String requestId, boolean ok, String error, long micros) {}

  /** From when to when a check ran, in milliseconds since the epoch. */
  record CheckSpan(String check, long from, long until) {
    boolean covers(long at) {
      return from <= at && at < until;
    }
  }
}

package dev.freshwire.it.demo;

import java.util.Map;

/**
 * One line of the table.
 *
 * @param check the check's name
 * @param requests requests that the application made
 * @param succeeded requests that it got a good answer to
 * @param failures failed requests by exception
 * @param appliedTwice writes that the server applied more than once, by its own count
 * @param connections connections that the application opened, as counted by the gateway
 * @param p50Millis median time until the answer or the exception
 * @param p99Millis 99th percentile of the same
 */
record CheckResult(
    String check,
    int requests,
    int succeeded,
    Map<String, Integer> failures,
    int appliedTwice,
    int connections,
    double p50Millis,
    double p99Millis) {

  int failed() {
    return requests - succeeded;
  }
}

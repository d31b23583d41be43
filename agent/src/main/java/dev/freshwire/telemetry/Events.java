package dev.freshwire.telemetry;

import dev.freshwire.policy.RetryVerdict;

/**
 * Where single happenings go, of which the counters know only the number. Nothing that is handed
 * over may hold a secret: no URL, no header, no message of an exception. Thread-safe.
 */
public interface Events {
  /** A connection was opened. */
  void connectionOpened(String host, int port);

  /**
   * A decision about another attempt.
   *
   * @param attempt the number of the attempt that it is about; the first is 1
   * @param delayMillis how long it is to wait, where it is to be made
   * @param acted false when it was only observed
   */
  void retryDecided(
      String host,
      int port,
      String method,
      int attempt,
      RetryVerdict verdict,
      long delayMillis,
      boolean acted);

  /**
   * A timeout was set or shortened.
   *
   * @param kind {@code connect} or {@code read}
   * @param before what held before; 0 or less for ever
   * @param acted false when it was only observed
   */
  void timeoutApplied(String host, int port, String kind, long before, long millis, boolean acted);
}

package dev.freshwire.it.faults;

import java.time.Duration;
import java.util.function.IntFunction;

/** What becomes of a connection before any request on it. */
public enum Admission {
  SERVE,
  /** Closed at its first bytes: with TLS, a handshake that is dropped. */
  HANG_UP,
  /** Reset as soon as it is accepted. */
  RESET,
  /** Accepted, read and never answered. */
  IGNORE,
  /** Accepted, and looked at no sooner than after {@link #LATENESS}. */
  LATE;

  static final Duration LATENESS = Duration.ofMillis(800);

  /** Does this to the first connections of a server and serves those after them. */
  public IntFunction<Admission> first(int connections) {
    return number -> number <= connections ? this : SERVE;
  }
}

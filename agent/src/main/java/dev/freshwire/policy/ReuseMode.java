package dev.freshwire.policy;

/** What becomes of a connection after its first request. */
public enum ReuseMode {
  /** Every attempt has a connection of its own, closed after the response. */
  NEVER,
  /** Reused within the bounds on idle time, age and requests, after a liveness probe. */
  VALIDATED,
  /** The client's own pooling is left alone. */
  UNCHANGED
}

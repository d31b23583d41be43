package dev.freshwire.telemetry;

/** What is counted for every origin. The names are stable: they stand in reports and over JMX. */
public enum Counter {
  /** Requests of the application. */
  REQUESTS,
  /** Attempts made for them, the first included. */
  ATTEMPTS,
  /** Connections opened. */
  CONNECTIONS_OPENED,
  /** Times that a connection that had served a request was taken for another one. */
  CONNECTIONS_REUSED,
  /** Those of them that {@code mode=enforce} would not have allowed: counted when observing. */
  REUSES_REFUSED,
  /** Connect timeouts that were set or shortened. */
  CONNECT_TIMEOUTS_CAPPED,
  /** Read timeouts that took the place of a library's default. */
  READ_TIMEOUTS_APPLIED,
  /** Times that a client would have sent again by itself what must not be sent twice. */
  REPLAYS_SUPPRESSED,
  /** Clients whose auth session or PKCE verifier was kept in memory, not in the preferences. */
  SESSIONS_KEPT_IN_MEMORY
}

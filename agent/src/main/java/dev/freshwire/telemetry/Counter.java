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
  /** Pooled connections that the server had ended, noticed before a request was sent on them. */
  STALE_AVOIDED,
  /** Pooled connections that were idle or open for too long, or had served enough requests. */
  REUSES_EXPIRED,
  /** Spare connections that served the one request that they were for. */
  PREWARMED_USED,
  /** Spare connections that served none: not wanted in time, or ended by the server. */
  PREWARMED_WASTED,
  /** Times that connections began to be reused because local ports ran out. */
  PORT_GUARD_FALLBACKS,
  /** Times that this ended. */
  PORT_GUARD_RETURNS,
  /** Connect timeouts that were set or shortened. */
  CONNECT_TIMEOUTS_CAPPED,
  /** Read timeouts that took the place of a library's default. */
  READ_TIMEOUTS_APPLIED,
  /** Calls that got a limit for the whole of them, or a shorter one. */
  CALL_TIMEOUTS_APPLIED,
  /** Times that a client would have sent again by itself what must not be sent twice. */
  REPLAYS_SUPPRESSED,
  /** Clients whose auth session or PKCE verifier was kept in memory, not in the preferences. */
  SESSIONS_KEPT_IN_MEMORY
}

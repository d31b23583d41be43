package dev.freshwire.policy;

/** What an {@code Idempotency-Key} header on a request is worth. */
public enum IdempotencyKey {
  /** Nothing: most servers, PostgREST among them, do not look at it. */
  IGNORE,
  /** The server is known to deduplicate by it, so the request may be sent again. */
  TRUST
}

package dev.freshwire.policy;

/**
 * The named answers of {@link RetryPolicy}. The names are stable: they are counters, event fields
 * and lines of reports.
 *
 * <p>{@code RETRY_*}: another attempt, for this reason. {@code REFUSE_*}: something would have to
 * be retried, and this forbids it. {@code PASS_*}: nothing to retry. Without a retry the
 * application gets what the client got: its response or its original exception.
 */
public enum RetryVerdict {
  /** No byte of the request left the client. */
  RETRY_NOT_SENT(true),
  /** The server proved that it did not process the request (RFC 9113, 8.7). */
  RETRY_UNPROCESSED(true),
  /** It was sent, but its method changes nothing on the server, or was opted in. */
  RETRY_IDEMPOTENT(true),
  /** It was sent, but its path is declared to only read. */
  RETRY_SAFE_PATH(true),
  /** It was sent, but the server deduplicates by its idempotency key. */
  RETRY_IDEMPOTENCY_KEY(true),
  /** It was sent, but a Supabase refresh token may be used once more for a moment. */
  RETRY_TOKEN_REFRESH(true),
  /** The status of the response asks for it. */
  RETRY_STATUS(true),

  /** It may have been applied, and applying it twice would be worse than the error. */
  REFUSE_UNSAFE(false),
  /** The response had begun, the application may have seen a part of it. */
  REFUSE_RESPONSE_STARTED(false),
  /** The body cannot be produced again. */
  REFUSE_ONE_SHOT_BODY(false),
  /** The last attempt of those allowed. */
  REFUSE_ATTEMPTS_SPENT(false),
  /** Another attempt would start too late. */
  REFUSE_DEADLINE(false),
  /** The answer did not come in time; asking again would only add to what the server has to do. */
  REFUSE_TIMED_OUT(false),
  /** Another attempt would fail alike. */
  REFUSE_LASTING(false),
  /** The attempts together have taken as long to connect as one may. */
  REFUSE_CONNECT_TIME(false),
  /** The server asks for a longer wait than may be made on its behalf. */
  REFUSE_RETRY_AFTER(false),
  /** Too many retries towards this origin lately. */
  REFUSE_BUDGET(false),
  /** The caller repeats by itself what reached the server. */
  REFUSE_CALLER_RETRIES(false),
  /** The call was cancelled, the thread interrupted or the client closed. */
  REFUSE_CANCELLED(false),

  /** A response whose status does not ask for a retry. */
  PASS_STATUS(false),
  /** A response whose status asks for a retry that the method forbids. */
  PASS_UNSAFE_METHOD(false);

  private final boolean retries;

  RetryVerdict(boolean retries) {
    this.retries = retries;
  }

  /** Whether there is to be another attempt. */
  public boolean retries() {
    return retries;
  }
}

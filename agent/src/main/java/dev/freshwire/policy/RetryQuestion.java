package dev.freshwire.policy;

import org.jspecify.annotations.Nullable;

/**
 * All that is known about an attempt that may have to be repeated. Immutable.
 *
 * <p>What is known is a sum of flags, because that crosses from rewritten client code as one {@code
 * int}. Without {@link #SENT} nothing of the request left the client: DNS, connect or TLS failed,
 * or the pool gave a dead connection before a byte was written.
 */
public final class RetryQuestion {
  /** At least one byte of the request was, or may have been, written. */
  public static final int SENT = 1;

  /** At least one byte of the response arrived. */
  public static final int RESPONSE_STARTED = 1 << 1;

  /** REFUSED_STREAM, or a stream above the last one that a GOAWAY covers. */
  public static final int UNPROCESSED = 1 << 2;

  /** The body can be produced only once, and something of it was read. */
  public static final int BODY_SPENT = 1 << 3;

  /** The request came with an {@code X-Retry-Count}: whoever calls retries by itself. */
  public static final int CALLER_RETRIES = 1 << 4;

  /** The request has an {@code Idempotency-Key}. */
  public static final int IDEMPOTENCY_KEY = 1 << 5;

  /**
   * The connection was a reused or a prewarmed one, so its failure says nothing about the server.
   */
  public static final int IDLE_CONNECTION = 1 << 6;

  /** The call was cancelled, its thread interrupted or its client closed. */
  public static final int CANCELLED = 1 << 7;

  /** An earlier attempt of this call had been sent, and the server may have processed it. */
  public static final int SENT_BEFORE = 1 << 8;

  /** Sent, and then no answer came within the read timeout: the server is slow, not gone. */
  public static final int TIMED_OUT = 1 << 9;

  /** A failure that another attempt would meet as well: a wrong certificate, a broken protocol. */
  public static final int LASTING = 1 << 10;

  /** The attempts of this call have spent what connecting may take. */
  public static final int CONNECT_TIME_SPENT = 1 << 11;

  private final String method;
  private final @Nullable String target;
  private final int known;
  private final int attempt;
  private final long elapsedMillis;
  private final long sinceFirstSendMillis;
  private final int status;
  private final long retryAfterMillis;

  private RetryQuestion(
      String method,
      @Nullable String target,
      int known,
      int attempt,
      long elapsedMillis,
      long sinceFirstSendMillis,
      int status,
      long retryAfterMillis) {
    this.method = method;
    this.target = target;
    this.known = known;
    this.attempt = attempt;
    this.elapsedMillis = elapsedMillis;
    this.sinceFirstSendMillis = sinceFirstSendMillis;
    this.status = status;
    this.retryAfterMillis = retryAfterMillis;
  }

  /**
   * An attempt that ended in an exception.
   *
   * @param target path and query, or null if the client does not tell
   * @param known the sum of the flags above
   * @param attempt the number of attempts so far, this one and the client's own included; from 1
   * @param elapsedMillis since the first attempt began
   * @param sinceFirstSendMillis since the first byte of the first attempt that was sent and that
   *     the server may have processed; 0 if none
   */
  public static RetryQuestion failed(
      String method,
      @Nullable String target,
      int known,
      int attempt,
      long elapsedMillis,
      long sinceFirstSendMillis) {
    return new RetryQuestion(
        method, target, known, attempt, elapsedMillis, sinceFirstSendMillis, 0, RetryAfter.NONE);
  }

  /**
   * An attempt that was answered.
   *
   * @param status of the response
   * @param retryAfterMillis what {@link RetryAfter#parse} made of the header
   */
  public static RetryQuestion answered(
      String method,
      @Nullable String target,
      int known,
      int attempt,
      long elapsedMillis,
      int status,
      long retryAfterMillis) {
    return new RetryQuestion(
        method, target, known, attempt, elapsedMillis, 0, status, retryAfterMillis);
  }

  boolean is(int flag) {
    return (known & flag) != 0;
  }

  /** Whether there is a response, rather than an exception. */
  public boolean isAnswered() {
    return status != 0;
  }

  public String method() {
    return method;
  }

  /** Path and query. The query may hold secrets: it is never to be logged. */
  @Nullable String target() {
    return target;
  }

  public int attempt() {
    return attempt;
  }

  public long elapsedMillis() {
    return elapsedMillis;
  }

  long sinceFirstSendMillis() {
    return sinceFirstSendMillis;
  }

  /** The status of the response, or 0. */
  public int status() {
    return status;
  }

  long retryAfterMillis() {
    return retryAfterMillis;
  }

  /** Without the target, see there. */
  @Override
  public String toString() {
    return method + ", attempt " + attempt + ", known " + known + ", status " + status;
  }
}

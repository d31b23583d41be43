package dev.freshwire.bridge;

import org.jspecify.annotations.Nullable;

/**
 * One logical request of the application, from its first attempt to its last. Lives in the boot
 * loader. A client asks it from one thread at a time.
 */
public abstract class Call {
  /** Whether what is decided is also done, and not only counted. */
  public abstract boolean enforced();

  /** The number of the attempt under way; the first is 0. */
  public abstract int attempt();

  /**
   * Whether the current attempt may have a pooled connection, if it is fit: the first one may. What
   * failed is tried again on a new connection, unless it failed for want of a port for one.
   */
  public abstract boolean mayReuse();

  /** An attempt begins. Called before anything is connected. */
  public abstract void attempting();

  /** From here on a byte of the current attempt's request may reach the server. */
  public abstract void sending();

  /** Whether the current attempt may have reached the server. */
  public abstract boolean sent();

  /**
   * The connect timeout that is left for this call: {@code millis} capped by the policy, less what
   * earlier attempts spent connecting, so that retrying does not multiply the cap.
   *
   * @param millis what the application or its library chose; 0 or less waits for ever
   */
  public abstract int connectTimeout(int millis);

  /**
   * The time that is left for the whole call: {@code millis} capped by the policy's limit for a
   * call, less what has passed since it began.
   *
   * @param millis the limit in force; 0 or less waits for ever
   */
  public abstract int callTimeout(int millis);

  /**
   * The attempt failed without a response.
   *
   * @param unprocessed the protocol proves that the server did not process it (RFC 9113 §8.7)
   * @param repeatable whether the body can be sent again
   * @param pooled whether the attempt failed on a connection that had not been made for it
   * @return milliseconds to wait before the next attempt, or {@link Enforcer#NO_RETRY}
   */
  public abstract long afterFailure(
      Throwable failure, boolean unprocessed, boolean repeatable, boolean pooled);

  /**
   * The attempt was answered.
   *
   * @param retryAfter the response's {@code Retry-After}, or null
   * @param repeatable whether the body can be sent again
   * @return milliseconds to wait before the next attempt, or {@link Enforcer#NO_RETRY} to hand the
   *     response to the application
   */
  public abstract long afterResponse(int status, @Nullable String retryAfter, boolean repeatable);

  /**
   * Whether the client's own replay of this request must not happen. Asked when the client is about
   * to send again, of its own accord, what it has sent before.
   */
  public abstract boolean suppressReplay();
}

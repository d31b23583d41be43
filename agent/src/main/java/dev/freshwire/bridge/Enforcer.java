package dev.freshwire.bridge;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What rewritten code may ask. Every question has a harmless answer while nothing is installed
 * (before the agent is ready, after it was detached), and no question throws. Lives in the boot
 * loader; thread-safe.
 */
public abstract class Enforcer {
  /** The answer of {@link Call#afterFailure} and {@link Call#afterResponse} that means "do not". */
  public static final long NO_RETRY = -1;

  private static volatile @Nullable Enforcer installed;
  private static volatile LongAdder[] hits = {};

  /** Puts {@code enforcer} in charge, or nobody when null. */
  public static void install(@Nullable Enforcer enforcer) {
    installed = enforcer;
  }

  /** Gives the hooks something to count with: hook number n has {@code counters[n]}. */
  public static void countHitsIn(LongAdder[] counters) {
    hits = counters;
  }

  /** The hook of this number is running. The weaver puts the call before every hook. */
  public static void hit(int hook) {
    LongAdder[] counters = hits;
    if (hook < counters.length) {
      counters[hook].increment();
    }
  }

  /** Whether a connection to this origin may serve a second request; true out of scope. */
  public static boolean mayReuse(@Nullable String host, int port) {
    Enforcer enforcer = installed;
    return enforcer == null || host == null || enforcer.reusable(host, port);
  }

  /** Whether an auth session for this origin may be kept where it outlives the JVM. */
  public static boolean mayPersistSession(@Nullable String host, int port) {
    Enforcer enforcer = installed;
    return enforcer == null || host == null || enforcer.persistable(host, port);
  }

  /** Whether the policy has anything to say about this origin. */
  public static boolean covers(@Nullable String host, int port) {
    Enforcer enforcer = installed;
    return enforcer != null && host != null && enforcer.inScope(host, port);
  }

  /**
   * The connect timeout to use instead of {@code millis}.
   *
   * @param millis what the application or its library chose; 0 or less waits for ever
   */
  public static int connectTimeout(@Nullable String host, int port, int millis) {
    Enforcer enforcer = installed;
    return enforcer == null || host == null
        ? millis
        : enforcer.cappedConnectTimeout(host, port, millis);
  }

  /**
   * The read timeout to use instead of {@code millis}.
   *
   * @param millis the timeout in force; 0 or less waits for ever
   * @param chosen whether the application set it; such a value is never changed
   */
  public static int readTimeout(@Nullable String host, int port, int millis, boolean chosen) {
    Enforcer enforcer = installed;
    return enforcer == null || host == null || chosen
        ? millis
        : enforcer.defaultReadTimeout(host, port, millis);
  }

  /**
   * Begins one logical request.
   *
   * @param url the whole request URL; looked at, never kept or printed
   * @param callerRetries whether the request shows that its caller retries by itself
   * @param idempotencyKey whether the request carries an {@code Idempotency-Key}
   * @return null when the origin is out of scope: then there is nothing to ask about it
   */
  public static @Nullable Call call(
      String method,
      @Nullable String host,
      int port,
      String url,
      boolean callerRetries,
      boolean idempotencyKey) {
    Enforcer enforcer = installed;
    return enforcer == null || host == null
        ? null
        : enforcer.begin(method, host, port, url, callerRetries, idempotencyKey);
  }

  /** A connection to this origin was opened. */
  public static void opened(@Nullable String host, int port) {
    Enforcer enforcer = installed;
    if (enforcer != null && host != null) {
      enforcer.connectionOpened(host, port);
    }
  }

  /** A connection to this origin that has served a request is taken for another one. */
  public static void reused(@Nullable String host, int port) {
    Enforcer enforcer = installed;
    if (enforcer != null && host != null) {
      enforcer.connectionReused(host, port);
    }
  }

  /** A hook of ours threw: the client goes on as if the hook were not there. */
  public static void hookFailed(String hook, Throwable failure) {
    Enforcer enforcer = installed;
    if (enforcer != null) {
      enforcer.failed(hook, failure);
    }
  }

  protected abstract boolean reusable(String host, int port);

  protected abstract boolean persistable(String host, int port);

  protected abstract boolean inScope(String host, int port);

  protected abstract int cappedConnectTimeout(String host, int port, int millis);

  protected abstract int defaultReadTimeout(String host, int port, int millis);

  protected abstract @Nullable Call begin(
      String method,
      String host,
      int port,
      String url,
      boolean callerRetries,
      boolean idempotencyKey);

  protected abstract void connectionOpened(String host, int port);

  protected abstract void connectionReused(String host, int port);

  protected abstract void failed(String hook, Throwable failure);
}

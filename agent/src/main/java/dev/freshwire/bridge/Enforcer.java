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

  /** Answer of {@link #reuse}: every attempt has a connection of its own. */
  public static final int FRESH = 0;

  /** Answer of {@link #reuse}: a pooled connection serves a first attempt if it is {@link #fit}. */
  public static final int CHECKED = 1;

  /** Answer of {@link #reuse}: the client pools as it always did. */
  public static final int FREELY = 2;

  private static volatile @Nullable Enforcer installed;
  private static volatile LongAdder[] hits = {};

  /** Puts {@code enforcer} in charge, or nobody when null. */
  public static void install(@Nullable Enforcer enforcer) {
    installed = enforcer;
  }

  /**
   * Who is in charge of what begins now; null when nobody is. It answers by one policy for as long
   * as it is kept: a request that asks nobody else sees no other, whatever is put in force while it
   * is under way. The static questions ask whoever is in charge at the moment.
   */
  public static @Nullable Enforcer inCharge() {
    return installed;
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

  /**
   * Whether a connection to this origin may serve a second request without being asked about; true
   * out of scope.
   */
  public static boolean mayReuse(@Nullable String host, int port) {
    Enforcer enforcer = installed;
    return enforcer == null || host == null || enforcer.reuse(host, port) == FREELY;
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
      enforcer.connectionOpened(host, port, null);
    }
  }

  /** A connection to this origin that has served a request is taken for another one. */
  public static void reused(@Nullable String host, int port) {
    Enforcer enforcer = installed;
    if (enforcer != null && host != null) {
      enforcer.connectionReused(host, port);
    }
  }

  /** No request uses this connection any more; it waits in the client's pool for the next. */
  public static void idle(Object connection) {
    Enforcer enforcer = installed;
    if (enforcer != null) {
      enforcer.connectionIdle(connection);
    }
  }

  /** A hook of ours threw: the client goes on as if the hook were not there. */
  public static void hookFailed(String hook, Throwable failure) {
    Enforcer enforcer = installed;
    if (enforcer != null) {
      enforcer.failed(hook, failure);
    }
  }

  /** What pooling there may be for this origin: FRESH, CHECKED or FREELY, as it is out of scope. */
  public abstract int reuse(String host, int port);

  /**
   * Whether the policy saw this connection being opened: of any other it knows neither the age nor
   * whose it is.
   */
  public abstract boolean knows(Object connection);

  /**
   * Whether a connection may carry a request: within its bounds, and as far as can be seen without
   * waiting the server has not ended it. One that was just opened for the request may. One that may
   * not is for the client to close.
   *
   * @param connection what the client knows it by, the same object each time
   * @param transport its {@link java.net.Socket} or channel
   * @param shared whether it carries several requests at a time, so that bytes may arrive on it
   *     whenever they like
   */
  public abstract boolean fit(
      String host, int port, Object connection, Object transport, boolean shared);

  /**
   * A request is about to be written to this connection.
   *
   * @return whether the connection served one before
   */
  public abstract boolean carries(String host, int port, Object connection);

  /** Whether there may be spare connections to this origin. */
  public abstract boolean prewarms(String host, int port);

  /**
   * A spare connection for a request that is looking for a connection; null when there is none.
   * Either way more are made as long as requests come.
   *
   * @param source how they are made; what it made is also closed by it
   * @return what {@code source}, or one that is equal to it, made; it is the caller's now
   */
  public abstract @Nullable Object spare(String host, int port, SpareSource source);

  /** What became of a spare connection: it serves a request, or was thrown away. */
  public abstract void spareGone(String host, int port, boolean used);

  /**
   * In this version a client can make no spare connections.
   *
   * @param missing what it takes and is not there
   */
  public abstract void makesNoSpares(String client, String missing);

  public abstract boolean inScope(String host, int port);

  /** See {@link #connectTimeout}. */
  public abstract int cappedConnectTimeout(String host, int port, int millis);

  /** See {@link #readTimeout}, of one that the application did not choose. */
  public abstract int defaultReadTimeout(String host, int port, int millis);

  /** See {@link #call}. */
  public abstract @Nullable Call begin(
      String method,
      String host,
      int port,
      String url,
      boolean callerRetries,
      boolean idempotencyKey);

  /**
   * A connection to this origin was opened.
   *
   * @param connection what the client knows it by; null when it is not going to be reused
   */
  public abstract void connectionOpened(String host, int port, @Nullable Object connection);

  protected abstract void connectionIdle(Object connection);

  protected abstract boolean persistable(String host, int port);

  protected abstract void connectionReused(String host, int port);

  protected abstract void failed(String hook, Throwable failure);
}

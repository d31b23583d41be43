package dev.freshwire.policy;

/**
 * Which time limit holds. Pure functions. Limits only get tighter; the client's limit is in
 * milliseconds, and 0 or less stands for none.
 */
public final class TimeoutPolicy {
  private TimeoutPolicy() {}

  /**
   * The time to connect, TCP and TLS. Ours is an upper bound even over a limit that the application
   * chose: it holds where there is none, or a longer one.
   */
  public static TimeoutVerdict connect(long currentMillis, Settings settings) {
    return cap(currentMillis, settings.connectTimeoutMillis());
  }

  /** The limit that results from {@link #connect}. */
  public static long connectMillis(long currentMillis, Settings settings) {
    return connect(currentMillis, settings).applies()
        ? settings.connectTimeoutMillis()
        : currentMillis;
  }

  /**
   * The time to wait for bytes of a response. A limit that the application chose stays, longer or
   * not; what replaces the library's own default is only ever shorter than that.
   *
   * @param chosenByApplication whether the application set it, as far as the client tells
   * @param streaming WebSocket, Upgrade, {@code text/event-stream} or alike
   */
  public static TimeoutVerdict read(
      long currentMillis, boolean chosenByApplication, boolean streaming, Settings settings) {
    if (settings.readTimeoutMillis() <= 0) {
      return TimeoutVerdict.KEEP_OFF;
    }
    if (chosenByApplication) {
      return TimeoutVerdict.KEEP_CHOSEN;
    }
    return streaming
        ? TimeoutVerdict.KEEP_STREAMING
        : cap(currentMillis, settings.readTimeoutMillis());
  }

  /** The limit that results from {@link #read}. */
  public static long readMillis(
      long currentMillis, boolean chosenByApplication, boolean streaming, Settings settings) {
    return read(currentMillis, chosenByApplication, streaming, settings).applies()
        ? settings.readTimeoutMillis()
        : currentMillis;
  }

  /**
   * The time that is left for a whole call with its retries: an upper bound, as with {@link
   * #connect}. It is not for WebSockets and event streams, which the client knows.
   *
   * @param elapsedMillis since the call began
   */
  public static TimeoutVerdict call(long currentMillis, long elapsedMillis, Settings settings) {
    return cap(currentMillis, callLimit(elapsedMillis, settings));
  }

  /** The limit that results from {@link #call}; at least 1. */
  public static long callMillis(long currentMillis, long elapsedMillis, Settings settings) {
    return call(currentMillis, elapsedMillis, settings).applies()
        ? callLimit(elapsedMillis, settings)
        : currentMillis;
  }

  private static long callLimit(long elapsedMillis, Settings settings) {
    int limit = settings.callTimeoutMillis();
    return limit <= 0 ? 0 : Math.max(1, limit - elapsedMillis);
  }

  private static TimeoutVerdict cap(long currentMillis, long limitMillis) {
    if (limitMillis <= 0) {
      return TimeoutVerdict.KEEP_OFF;
    }
    if (currentMillis <= 0) {
      return TimeoutVerdict.APPLY_UNSET;
    }
    return currentMillis > limitMillis ? TimeoutVerdict.APPLY_SHORTER : TimeoutVerdict.KEEP_SHORTER;
  }
}

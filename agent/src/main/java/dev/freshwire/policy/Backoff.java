package dev.freshwire.policy;

/**
 * Exponential backoff with equal jitter: half of each step is fixed, half is random. With steps of
 * 200 ms and 400 ms, three attempts span at least 300 ms and at most 600 ms: long enough for a
 * restart or a failover, which full jitter is not.
 */
public final class Backoff {
  private Backoff() {}

  /**
   * How long to wait after the {@code attempt}-th attempt failed.
   *
   * @param attempt from 1
   * @param random any number: all of its bits are used
   */
  public static long delayMillis(Settings settings, int attempt, int random) {
    long step = settings.backoffMinMillis();
    for (int i = 1; i < attempt && step < settings.backoffMaxMillis(); i++) {
      step *= 2;
    }
    step = Math.min(step, settings.backoffMaxMillis());
    long fixed = step - step / 2;
    long jitter = ((random & 0xffffffffL) * (step / 2 + 1)) >>> 32;
    return fixed + jitter;
  }
}

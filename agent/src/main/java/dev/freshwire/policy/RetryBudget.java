package dev.freshwire.policy;

import java.util.concurrent.atomic.AtomicLong;

/**
 * How many retries one origin can stand: a share of its requests, and some per second so that quiet
 * clients may retry at all. One instance per origin, shared by all clients of the JVM; thread-safe
 * without locks.
 *
 * <p>Since its creation it has granted at most {@code percent/100 x requests + perSecond x (seconds
 * + 1)} retries. What was not used is kept: of the seconds' share one second's worth, of the
 * requests' share {@value #SAVED_RETRIES} retries, about as many calls as are in flight when a
 * gateway restarts.
 *
 * <p>The time is handed in: {@link System#nanoTime()}, or a test's own.
 */
public final class RetryBudget {
  static final int SAVED_RETRIES = 100;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long COST = 100; // one retry, in hundredths of a request's percentage

  /** Hundredths of a retry that requests have earned. */
  private final AtomicLong earned = new AtomicLong();

  /** The instant up to which the seconds' share is spent. */
  private final AtomicLong spentUntil;

  public RetryBudget(long nowNanos) {
    spentUntil = new AtomicLong(nowNanos - NANOS_PER_SECOND);
  }

  /** To be called for the first attempt of every request. */
  public void onRequest(Settings settings) {
    int percent = settings.budgetPercent();
    if (percent <= 0) {
      return;
    }
    long limit = SAVED_RETRIES * COST;
    long before = earned.get();
    // A full account is only read, so that healthy origins cause no traffic between cores.
    while (before < limit && !earned.compareAndSet(before, Math.min(limit, before + percent))) {
      before = earned.get();
    }
  }

  /** Takes a permit for one retry, if there is one. */
  public boolean tryAcquire(Settings settings, long nowNanos) {
    return settings.isBudgetUnlimited()
        || acquireFromSeconds(settings.budgetPerSecond(), nowNanos)
        || acquireFromRequests();
  }

  private boolean acquireFromSeconds(int perSecond, long nowNanos) {
    if (perSecond <= 0) {
      return false;
    }
    long cost = NANOS_PER_SECOND / perSecond;
    while (true) {
      long before = spentUntil.get();
      // Differences, because nanoTime may overflow.
      long saved = Math.min(nowNanos - before, NANOS_PER_SECOND);
      if (saved < cost) {
        return false;
      }
      if (spentUntil.compareAndSet(before, nowNanos - saved + cost)) {
        return true;
      }
    }
  }

  private boolean acquireFromRequests() {
    long before = earned.get();
    while (before >= COST) {
      if (earned.compareAndSet(before, before - COST)) {
        return true;
      }
      before = earned.get();
    }
    return false;
  }
}

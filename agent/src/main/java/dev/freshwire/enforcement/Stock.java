package dev.freshwire.enforcement;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.SpareSource;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.OriginCounters;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * The spare connections that one source makes. Thread-safe; times are those of {@link
 * System#nanoTime}.
 *
 * <p>There are as many as were missing lately, and no more than allowed: a request that finds none
 * raises the number, a spare that nobody wanted in time lowers it, and only requests have new ones
 * made, from the second on.
 */
final class Stock implements Runnable {
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int FIRST_PAUSE = 100;
  private static final int LONGEST_PAUSE = 10_000;

  /** After so long without a request what was learned of a server is forgotten. */
  private static final long FORGOTTEN_NANOS = 20_000 * NANOS_PER_MILLI;

  private final OriginCounters counters;
  private final Deque<Spare> waiting = new ArrayDeque<>();
  private int target;
  private int making;
  private boolean asked;
  private int failures;
  private long pausedUntil;

  /** Whether it has been given up; then it stays so. */
  private boolean gone;

  // What the last request that wanted one would have made it by.
  private SpareSource source;
  private Settings settings;
  private long wantedNanos;

  Stock(OriginCounters counters, SpareSource source, Settings settings, long now) {
    this.counters = counters;
    this.source = source;
    this.settings = settings;
    pausedUntil = now;
    wantedNanos = now;
  }

  /** A request wants one; false when the sweep was faster, and has given all of this up. */
  synchronized boolean isWanted(SpareSource source, Settings settings, long now) {
    this.source = source;
    this.settings = settings;
    wantedNanos = now;
    return !gone;
  }

  /** The first that is young enough and alive; those before it are thrown away. */
  @Nullable Object take(long now) {
    while (true) {
      Spare next;
      SpareSource source;
      boolean young;
      synchronized (this) {
        next = waiting.pollFirst();
        source = this.source;
        young = next != null && isYoung(next, now);
      }
      if (next == null || (young && source.isAlive(next.connection))) {
        return next == null ? null : next.connection;
      }
      waste(source, next);
    }
  }

  private boolean isYoung(Spare spare, long now) {
    return now - spare.madeNanos < settings.prewarmMaxIdleMillis() * NANOS_PER_MILLI;
  }

  private void waste(SpareSource source, Spare spare) {
    source.close(spare.connection);
    counters.add(Counter.PREWARMED_WASTED);
  }

  /**
   * How many to begin making now that a request has asked for one.
   *
   * @param found whether there was one for it
   */
  synchronized int missing(boolean found, long now) {
    if (!asked) {
      // Where each request comes by another source, none would ever be used.
      asked = true;
      return 0;
    }
    target = Math.min(settings.prewarm(), found ? Math.max(1, target) : target + 1);
    if (gone || now - pausedUntil < 0) {
      return 0;
    }
    int missing = Math.max(0, target - waiting.size() - making);
    making += missing;
    return missing;
  }

  /** One that was to be made is not: nobody had the time. */
  synchronized void unmade() {
    making--;
  }

  /** Makes one. */
  @Override
  public void run() {
    SpareSource maker;
    synchronized (this) {
      maker = source;
    }
    Spare made = null;
    try {
      made = new Spare(maker.make());
    } catch (Exception e) {
      // A server that refuses is for the application's own requests to report.
      pause();
    } catch (LinkageError e) {
      Enforcer.hookFailed("making a spare connection", e);
      pause();
    } finally {
      made(made);
    }
  }

  private synchronized void made(@Nullable Spare spare) {
    making--;
    if (spare != null) {
      failures = 0;
      waiting.addLast(spare);
    }
  }

  private synchronized void pause() {
    int millis = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 7));
    failures++;
    pausedUntil = System.nanoTime() + millis * NANOS_PER_MILLI;
  }

  /**
   * Throws away what has waited too long.
   *
   * @param attached whether there is anybody who would take one
   * @return whether nothing is left of it
   */
  boolean sweep(long now, boolean attached) {
    Deque<Spare> old = new ArrayDeque<>();
    SpareSource source;
    synchronized (this) {
      source = this.source;
      boolean over = !attached || source.isOver();
      for (Iterator<Spare> all = waiting.iterator(); all.hasNext(); ) {
        Spare spare = all.next();
        if (over || !isYoung(spare, now)) {
          all.remove();
          old.add(spare);
          target = Math.max(0, target - 1);
        }
      }
      boolean forgotten = waiting.isEmpty() && now - wantedNanos > FORGOTTEN_NANOS;
      gone |= making == 0 && (over || forgotten);
    }
    for (Spare spare : old) {
      waste(source, spare);
    }
    return gone;
  }

  /** One connection that waits. */
  private static final class Spare {
    final Object connection;
    final long madeNanos = System.nanoTime();

    Spare(Object connection) {
      this.connection = connection;
    }
  }
}

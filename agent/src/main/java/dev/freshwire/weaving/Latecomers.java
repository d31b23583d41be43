package dev.freshwire.weaving;

import java.lang.instrument.Instrumentation;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The classes of clients that another thread is defining while the gate opens: past the gate
 * already, and not yet among those that the JVM tells of. They are found by looking again.
 * Thread-safe.
 */
final class Latecomers implements Runnable {
  private static final Object BOOT = new Object();

  /**
   * From the gate to where the JVM tells of a class it takes as long as reading it and its super
   * types, a few milliseconds at most unless the thread is kept from running. Beside another agent
   * that has started a thread, a start waits for it once.
   */
  private static final long PAUSE_MILLIS = 10;

  /** How often a class that has been seen to pass is waited for: a second. It may have failed. */
  private static final int PAUSES = 100;

  /** When it is looked once more, nobody waiting for it. */
  private static final long[] LATER_MILLIS = {1_000, 4_000, 25_000};

  private final HookTransformer gate;
  private final Instrumentation instrumentation;

  /** By loader the names of classes that have come to the open gate, or were found loaded. */
  private final Map<Object, Set<String>> met = new WeakHashMap<>();

  /** Those that passed the closed one, and were not found loaded yet. */
  private final Map<Object, Set<String>> passed;

  private @Nullable Thread thread;

  Latecomers(
      HookTransformer gate,
      Instrumentation instrumentation,
      @Nullable Map<Object, Set<String>> passed) {
    this.gate = gate;
    this.instrumentation = instrumentation;
    this.passed = passed == null ? new WeakHashMap<>() : passed;
  }

  /**
   * Puts down the name of a class.
   *
   * @return whether it was not there before
   */
  static boolean add(Map<Object, Set<String>> byLoader, @Nullable ClassLoader loader, String name) {
    Object key = loader == null ? BOOT : loader;
    Set<String> names = byLoader.get(key);
    if (names == null) {
      names = new HashSet<>();
      byLoader.put(key, names);
    }
    return names.add(name);
  }

  /** A class has come to the gate, which is open. */
  synchronized void arrives(@Nullable ClassLoader loader, String name) {
    add(met, loader, name);
  }

  /**
   * A class is loaded.
   *
   * @return whether it has passed the gate unseen, or when that was closed
   */
  synchronized boolean isLate(@Nullable ClassLoader loader, String name) {
    Set<String> names = passed.get(loader == null ? BOOT : loader);
    boolean expected = names != null && names.remove(name);
    return add(met, loader, name) || expected;
  }

  private synchronized boolean areExpected() {
    for (Set<String> names : passed.values()) {
      if (!names.isEmpty()) {
        return true;
      }
    }
    return false;
  }

  /** Looks until all is found that is known of; a bounded time. */
  void await() {
    int pauses = 0;
    try {
      do {
        Thread.sleep(PAUSE_MILLIS);
        gate.lookForLate(instrumentation, this, false);
        pauses++;
      } while (pauses < PAUSES && areExpected());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Goes on looking for a while, on a thread of its own. */
  void goOn() {
    if (!isStarted()) {
      gate.forget(this);
    }
  }

  private synchronized boolean isStarted() {
    Thread next = new Thread(null, this, "freshwire-latecomers");
    next.setDaemon(true);
    try {
      next.start();
    } catch (OutOfMemoryError e) {
      // There is no thread to be had. All that was known of has been found.
      return false;
    }
    thread = next;
    return true;
  }

  /** Ends that. */
  synchronized void stop() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  @Override
  public void run() {
    try {
      for (long millis : LATER_MILLIS) {
        Thread.sleep(millis);
        gate.lookForLate(instrumentation, this, true);
      }
      gate.forget(this);
    } catch (InterruptedException closed) {
      // There is nothing to look for any more.
    }
  }
}

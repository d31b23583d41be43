package dev.freshwire.clients.apacheasync4;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One wait for a repeated attempt. A single thread looks whether waits are over, and does nothing
 * that takes time. What follows a wait is done on threads besides: it looks up addresses, calls
 * interceptors, and tells the application of the last failure, whose callback may wait for another
 * request that has a wait before it as well. Threads end when there was nothing to do for a while.
 */
public final class Waits implements Runnable {
  private static final int KEPT_SECONDS = 5;

  private static final ScheduledThreadPoolExecutor TIME = time();

  /** As many as there is to do: with a limit all of them could come to wait for one more. */
  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0,
          Integer.MAX_VALUE,
          KEPT_SECONDS,
          TimeUnit.SECONDS,
          new SynchronousQueue<Runnable>(),
          new Threads());

  private final Waiting waiting;
  private final long until;

  /** The one in which the application would hear of what is waited for, were it told at once. */
  private final @Nullable ClassLoader loader;

  private boolean over;

  private Waits(Waiting waiting, long millis) {
    this.waiting = waiting;
    this.until = System.nanoTime() + millis * 1_000_000;
    this.loader = loader();
  }

  /** What is to be done after a wait. */
  public interface Waiting extends Runnable {
    /** Whether there is nothing more to wait for. */
    boolean isStopped();
  }

  private static final class Threads implements ThreadFactory {
    Threads() {}

    @Override
    public Thread newThread(Runnable run) {
      Thread thread = new Thread(run, "freshwire-retry");
      thread.setDaemon(true);
      // Otherwise it has that of whoever happened to need it.
      use(thread, null);
      return thread;
    }
  }

  private static ScheduledThreadPoolExecutor time() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, new Threads());
    executor.setKeepAliveTime(KEPT_SECONDS, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Runs it after so many milliseconds, or when it is stopped. */
  static void begin(Waiting waiting, long millis) {
    new Waits(waiting, millis).lookAfter(millis);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What it does never throws.
  private void lookAfter(long millis) {
    TIME.schedule(this, Math.min(millis, Attempts.TICK_MILLIS), TimeUnit.MILLISECONDS);
  }

  /** Looks whether the wait is over; then, on another thread, does what follows. */
  @Override
  public void run() {
    if (over) {
      goOn();
      return;
    }
    long left = (until - System.nanoTime()) / 1_000_000;
    if (left > 0 && !waiting.isStopped()) {
      lookAfter(left);
    } else {
      handOver();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What a callback throws has nobody to hear it.
  private void handOver() {
    over = true;
    try {
      THREADS.submit(this);
    } catch (OutOfMemoryError e) {
      // There are no more threads to be had. Late is better than never.
      goOn();
    }
  }

  private void goOn() {
    use(Thread.currentThread(), loader);
    try {
      waiting.run();
    } finally {
      // An application must not be kept by a thread that has no more to do with it.
      use(Thread.currentThread(), null);
    }
  }

  private static @Nullable ClassLoader loader() {
    try {
      return Thread.currentThread().getContextClassLoader();
    } catch (SecurityException e) {
      return null;
    }
  }

  private static void use(Thread thread, @Nullable ClassLoader loader) {
    try {
      thread.setContextClassLoader(loader);
    } catch (SecurityException e) {
      // It keeps what it has.
    }
  }
}

package dev.freshwire.clients.apacheasync4;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/** The thread that begins repeated attempts. It ends when there have been none for a while. */
public final class Waits implements ThreadFactory {
  private static final ScheduledThreadPoolExecutor EXECUTOR = executor();

  private Waits() {}

  private static ScheduledThreadPoolExecutor executor() {
    ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(1, new Waits());
    executor.setKeepAliveTime(5, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
    return executor;
  }

  /** Runs it after so many milliseconds. */
  @SuppressWarnings("FutureReturnValueIgnored") // What it does never throws.
  public static void schedule(Runnable attempt, long millis) {
    EXECUTOR.schedule(attempt, millis, TimeUnit.MILLISECONDS);
  }

  @Override
  public Thread newThread(Runnable run) {
    Thread thread = new Thread(run, "freshwire-retry");
    thread.setDaemon(true);
    return thread;
  }
}

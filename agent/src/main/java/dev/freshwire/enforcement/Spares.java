package dev.freshwire.enforcement;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.SpareSource;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.OriginCounters;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * All spare connections, of all clients: finds those of a source, has new ones made, and looks
 * after those that wait for as long as there are any. Thread-safe.
 */
final class Spares implements Runnable {
  /** Connections that are being made at a time, to all servers. */
  private static final int MAKERS = 16;

  private static final String NAME = "freshwire-spares";

  /** How often is looked for spares that have waited too long. */
  private static final long SWEEP_NANOS = 250_000_000;

  private final Map<SpareSource, Stock> stocks = new ConcurrentHashMap<>();
  private boolean sweeping;

  /** See {@link Enforcer#spare}. */
  @Nullable Object take(OriginCounters counters, SpareSource source, Settings settings) {
    long now = System.nanoTime();
    Stock stock = stocks.get(source);
    while (stock == null || !stock.isWanted(source, settings, now)) {
      // What has given itself up is not in the map any more.
      stocks.putIfAbsent(source, new Stock(counters, source, settings, now));
      beginSweep();
      stock = stocks.get(source);
    }
    Object taken = stock.take(now);
    make(stock, stock.missing(taken != null, now));
    return taken;
  }

  private static void make(Stock stock, int count) {
    for (int i = 0; i < count; i++) {
      try {
        Makers.THREADS.execute(Background.asHere(stock));
      } catch (RejectedExecutionException allBusy) {
        stock.unmade();
      }
    }
  }

  private synchronized void beginSweep() {
    if (!sweeping) {
      sweeping = true;
      Background.thread(this, NAME).start();
    }
  }

  private synchronized boolean isSweeping() {
    sweeping = !stocks.isEmpty();
    return sweeping;
  }

  @Override
  public void run() {
    while (isSweeping()) {
      LockSupport.parkNanos(SWEEP_NANOS);
      for (Iterator<Stock> all = stocks.values().iterator(); all.hasNext(); ) {
        if (all.next().sweep(System.nanoTime(), Enforcer.inCharge() != null)) {
          all.remove();
        }
      }
    }
  }

  /** The threads that make connections, none before the first one is made. */
  private static final class Makers implements ThreadFactory {
    static final ThreadPoolExecutor THREADS =
        new ThreadPoolExecutor(
            0, MAKERS, 1, TimeUnit.SECONDS, new SynchronousQueue<Runnable>(), new Makers());

    @Override
    public Thread newThread(Runnable work) {
      return Background.thread(work, NAME);
    }
  }
}

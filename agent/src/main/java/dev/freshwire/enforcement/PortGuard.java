package dev.freshwire.enforcement;

import dev.freshwire.policy.Origin;
import dev.freshwire.policy.PerOrigin;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.Telemetry;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Notices when the local ports towards one destination run out, because every closed connection
 * keeps its port for a minute (TIME_WAIT). Thread-safe.
 *
 * <p>What was opened within the last minute is counted, which is all that is done for most
 * destinations. Where that comes near the limit the system is asked, twice a second at most, for
 * what is really taken, by other processes as well, and what was opened since is added. Ports are
 * scarce from the limit on, and no longer when a quarter of those have been given back.
 */
final class PortGuard {
  private static final int ORIGINS = 1_000;
  private static final int WINDOW = 60;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long LOOK_NANOS = NANOS_PER_SECOND / 2;
  private static final int UNASKED = -2;
  private static final int UNTOLD = -1;

  /** How long what the system said is worth something; what was opened since is added to it. */
  private static final long TOLD_NANOS = 2 * NANOS_PER_SECOND;

  private final Telemetry telemetry;
  private final LocalPorts ports;
  private final PerOrigin<Destination> destinations;
  private final Set<Destination> watched = ConcurrentHashMap.newKeySet();

  /** How many destinations have scarce ports: mostly none, which every request asks. */
  private final AtomicInteger scarce = new AtomicInteger();

  private volatile int count;
  private boolean watching;

  /** What the system said when a port was refused last. */
  private int mostTaken = UNASKED;

  private long mostTakenUntilNanos;

  PortGuard(Telemetry telemetry, LocalPorts ports) {
    this.telemetry = telemetry;
    this.ports = ports;
    destinations = new PerOrigin<>(ORIGINS, new Destinations());
  }

  /** Whether there is any origin whose connections had better be kept. */
  boolean isAnyScarce() {
    return scarce.get() > 0;
  }

  /** Whether connections to this origin had better be kept. */
  boolean isScarce(String host, int port) {
    return scarce.get() > 0 && destinations.get(host, port).scarce;
  }

  /** A connection to this origin was opened. */
  void opened(String host, int port, Settings settings, long nowNanos) {
    int percent = settings.portGuardPercent();
    if (percent <= 0) {
      return;
    }
    Destination destination = destinations.get(host, port);
    int limit = limit(percent);
    int taken = destination.opened(nowNanos);
    if (taken < limit / 2) {
      return;
    }
    destination.limit = limit;
    watch(destination);
    if (taken >= limit) {
      trip(destination, taken);
    }
  }

  /**
   * A connection to this origin was refused a local port (EADDRNOTAVAIL). So is one that is bound
   * to an address which this machine does not have any more, so the system is asked whether that
   * can be why.
   *
   * @return whether it is that the ports have run out
   */
  boolean exhausted(String host, int port, Settings settings) {
    int percent = settings.portGuardPercent();
    if (percent <= 0) {
      return false;
    }
    int limit = limit(percent);
    int taken = mostTaken(System.nanoTime());
    if (taken != UNTOLD && taken < limit / 2) {
      return false;
    }
    Destination destination = destinations.get(host, port);
    destination.limit = limit;
    watch(destination);
    trip(destination, taken == UNTOLD ? limit : taken);
    return true;
  }

  /** How many ports are taken towards the busiest destination, or {@link #UNTOLD}. */
  private synchronized int mostTaken(long nowNanos) {
    if (mostTaken == UNASKED || nowNanos - mostTakenUntilNanos > 0) {
      Map<Integer, Integer> taken = ports.takenByRemotePort();
      mostTaken = UNTOLD;
      if (taken != null) {
        mostTaken = 0;
        for (Integer count : taken.values()) {
          mostTaken = Math.max(mostTaken, count);
        }
      }
      long told = System.nanoTime();
      mostTakenUntilNanos = told + pauseAfter(told - nowNanos);
    }
    return mostTaken;
  }

  private int limit(int percent) {
    if (count == 0) {
      count = ports.count();
    }
    return Math.max(1, (int) ((long) count * percent / 100));
  }

  private void trip(Destination destination, int taken) {
    synchronized (destination) {
      if (destination.scarce) {
        return;
      }
      destination.scarce = true;
    }
    scarce.incrementAndGet();
    telemetry.of(destination.host, destination.port).add(Counter.PORT_GUARD_FALLBACKS);
    telemetry.portsScarce(destination.host, destination.port, taken, count);
  }

  private void watch(Destination destination) {
    if (!watched.add(destination)) {
      return;
    }
    synchronized (this) {
      if (watching) {
        return;
      }
      watching = true;
    }
    Background.thread(this::look, "freshwire-ports").start();
  }

  private void look() {
    boolean goesOn = true;
    long pause = LOOK_NANOS;
    while (goesOn) {
      LockSupport.parkNanos(pause);
      long began = System.nanoTime();
      Map<Integer, Integer> taken = ports.takenByRemotePort();
      pause = pauseAfter(System.nanoTime() - began);
      for (Iterator<Destination> all = watched.iterator(); all.hasNext(); ) {
        Destination destination = all.next();
        if (destination.looked(System.nanoTime(), taken)) {
          scarce.decrementAndGet();
          telemetry.of(destination.host, destination.port).add(Counter.PORT_GUARD_RETURNS);
          telemetry.portsBack(destination.host, destination.port);
        }
        if (destination.isCalm(System.nanoTime())) {
          all.remove();
        }
      }
      synchronized (this) {
        goesOn = !watched.isEmpty();
        watching = goesOn;
      }
    }
  }

  /**
   * How long to wait for the next look. With the ports of a whole range taken, the tables are
   * megabytes: looking is to take a fiftieth of a processor at most, as long as what was told
   * lasts.
   */
  static long pauseAfter(long tookNanos) {
    return Math.min(Math.max(LOOK_NANOS, 50 * tookNanos), TOLD_NANOS * 3 / 4);
  }

  /** A lambda would be slower to start. */
  static final class Destinations implements Function<Origin, Destination> {
    @Override
    public Destination apply(Origin origin) {
      return new Destination(origin.host(), origin.port());
    }
  }

  /** What is known of the ports towards one origin. */
  static final class Destination {
    final String host;
    final int port;
    volatile boolean scarce;
    volatile int limit;

    /** Connections opened in each of the last seconds, and which second that was. */
    private final int[] opened = new int[WINDOW];

    private final long[] seconds = new long[WINDOW];

    /** What the system said last; negative when it did not. */
    private int told = -1;

    private long toldNanos;
    private int sinceTold;

    Destination(String host, int port) {
      this.host = host;
      this.port = port;
    }

    /** Counts one more, and says how many ports are taken as far as is known. */
    synchronized int opened(long nowNanos) {
      long second = nowNanos / NANOS_PER_SECOND;
      int at = (int) Math.floorMod(second, (long) WINDOW);
      if (seconds[at] != second) {
        seconds[at] = second;
        opened[at] = 0;
      }
      opened[at]++;
      sinceTold++;
      return taken(nowNanos);
    }

    private int taken(long nowNanos) {
      boolean known = told >= 0 && nowNanos - toldNanos < TOLD_NANOS;
      return known ? told + sinceTold : withinWindow(nowNanos);
    }

    private int withinWindow(long nowNanos) {
      long second = nowNanos / NANOS_PER_SECOND;
      int sum = 0;
      for (int i = 0; i < WINDOW; i++) {
        sum += second - seconds[i] < WINDOW ? opened[i] : 0;
      }
      return sum;
    }

    /**
     * The system was asked.
     *
     * @param byRemotePort what it said; null when it did not
     * @return whether the ports are scarce no longer
     */
    synchronized boolean looked(long nowNanos, @Nullable Map<Integer, Integer> byRemotePort) {
      if (byRemotePort != null) {
        Integer here = byRemotePort.get(port);
        int most = 0;
        // With a proxy between, the destination is not the origin's port: the busiest one is it.
        for (Integer other : byRemotePort.values()) {
          most = Math.max(most, other);
        }
        told = here == null ? Math.min(most, withinWindow(nowNanos)) : here;
        toldNanos = nowNanos;
        sinceTold = 0;
      }
      if (scarce && taken(nowNanos) < limit - limit / 4) {
        scarce = false;
        return true;
      }
      return false;
    }

    /** Whether there is no need to look any more. */
    synchronized boolean isCalm(long nowNanos) {
      return !scarce && taken(nowNanos) < limit / 2 && withinWindow(nowNanos) < limit / 2;
    }
  }
}

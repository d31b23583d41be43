package dev.freshwire.enforcement;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.Liveness;
import dev.freshwire.bridge.SpareSource;
import dev.freshwire.policy.Mode;
import dev.freshwire.policy.Origin;
import dev.freshwire.policy.PerOrigin;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.RetryBudget;
import dev.freshwire.policy.ReuseMode;
import dev.freshwire.policy.ReusePolicy;
import dev.freshwire.policy.ReuseVerdict;
import dev.freshwire.policy.Settings;
import dev.freshwire.policy.TimeoutPolicy;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.Events;
import dev.freshwire.telemetry.OriginCounters;
import dev.freshwire.telemetry.Telemetry;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Answers by one policy, and counts. Another policy has an enforcer of its own ({@link #with}), so
 * that a request that keeps the one it began with never sees two. Thread-safe; a look-up of an
 * origin allocates nothing.
 */
public final class PolicyEnforcer extends Enforcer {
  /** Origins beyond it share one budget, so that a crawler does not grow the agent. */
  private static final int BUDGETS = 10_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Telemetry telemetry;
  private final Events events;
  private final PerOrigin<RetryBudget> budgets;
  private final Map<Object, Life> lives;
  private final PortGuard guard;
  private final Spares spares;
  private final Policy policy;

  /** Shared by the enforcers of all policies: what failed once may fail again. */
  private final AtomicBoolean hookFailed;

  /** Shared by the enforcers of all policies up to {@link #abandon}. */
  private final AtomicBoolean abandoned;

  public PolicyEnforcer(Policy policy, Telemetry telemetry, Events events) {
    this(policy, telemetry, events, new LocalPorts("/proc"));
  }

  PolicyEnforcer(Policy policy, Telemetry telemetry, Events events, LocalPorts ports) {
    this(
        policy,
        telemetry,
        events,
        new PerOrigin<>(BUDGETS, new Budgeting()),
        Collections.synchronizedMap(new WeakHashMap<>()),
        new PortGuard(telemetry, ports),
        new Spares(),
        new AtomicBoolean(),
        new AtomicBoolean());
  }

  private PolicyEnforcer(
      Policy policy,
      Telemetry telemetry,
      Events events,
      PerOrigin<RetryBudget> budgets,
      Map<Object, Life> lives,
      PortGuard guard,
      Spares spares,
      AtomicBoolean hookFailed,
      AtomicBoolean abandoned) {
    this.policy = policy;
    this.telemetry = telemetry;
    this.events = events;
    this.budgets = budgets;
    this.lives = lives;
    this.guard = guard;
    this.spares = spares;
    this.hookFailed = hookFailed;
    this.abandoned = abandoned;
  }

  /** A lambda would be slower to start. */
  static final class Budgeting implements Function<Origin, RetryBudget> {
    @Override
    public RetryBudget apply(Origin origin) {
      return new RetryBudget(System.nanoTime());
    }
  }

  /** The same with another policy: what was counted, spent and opened so far stays known. */
  public PolicyEnforcer with(Policy other) {
    return new PolicyEnforcer(
        other, telemetry, events, budgets, lives, guard, spares, hookFailed, abandoned);
  }

  /**
   * Hooks are being put in or taken out: a call that is under way may lack the one that says that
   * its request leaves, so it counts as sent.
   *
   * @return the same for calls that begin when that is over
   */
  public PolicyEnforcer abandon() {
    abandoned.set(true);
    return new PolicyEnforcer(
        policy, telemetry, events, budgets, lives, guard, spares, hookFailed, new AtomicBoolean());
  }

  private @Nullable Settings settings(String host, int port) {
    Settings settings = policy.settingsFor(host, port);
    return settings == null || settings.mode() == Mode.OFF ? null : settings;
  }

  @Override
  public int reuse(String host, int port) {
    Settings settings = settings(host, port);
    if (settings == null || settings.mode() == Mode.OBSERVE) {
      return FREELY;
    }
    if (settings.reuse() == ReuseMode.NEVER) {
      return isScarce(host, port, settings) ? CHECKED : FRESH;
    }
    return settings.reuse() == ReuseMode.VALIDATED ? CHECKED : FREELY;
  }

  private boolean isScarce(String host, int port, Settings settings) {
    return settings.portGuardPercent() > 0 && guard.isScarce(host, port);
  }

  /** A connection to this origin was refused a local port; whether for want of one. */
  boolean portsExhausted(String host, int port, Settings settings) {
    return guard.exhausted(host, port, settings);
  }

  @Override
  public boolean knows(Object connection) {
    return lives.containsKey(connection);
  }

  @Override
  public boolean fit(String host, int port, Object connection, Object transport, boolean shared) {
    Settings settings = settings(host, port);
    if (settings == null || settings.mode() == Mode.OBSERVE) {
      return true;
    }
    Life life = lives.get(connection);
    if (life != null && life.isNew()) {
      return true;
    }
    long now = System.nanoTime();
    ReuseVerdict verdict =
        life == null
            ? ReuseVerdict.REFUSE_AGE
            : ReusePolicy.acquire(
                settings,
                false,
                isScarce(host, port, settings),
                life.idleNanos(now) / NANOS_PER_MILLI,
                (now - life.openedNanos) / NANOS_PER_MILLI,
                life.requests());
    if (!verdict.allows()) {
      telemetry.of(host, port).add(Counter.REUSES_EXPIRED);
      return false;
    }
    return !verdict.needsProbe() || isAlive(host, port, transport, shared);
  }

  private boolean isAlive(String host, int port, Object transport, boolean shared) {
    int liveness = Liveness.of(transport, shared);
    if (liveness == Liveness.UNKNOWN) {
      telemetry.cannotLookAt(transport.getClass().getName());
    } else if (liveness == Liveness.DEAD) {
      telemetry.of(host, port).add(Counter.STALE_AVOIDED);
    }
    return liveness == Liveness.ALIVE;
  }

  @Override
  public boolean carries(String host, int port, Object connection) {
    Settings settings = settings(host, port);
    if (settings == null) {
      return false;
    }
    Life life = lives.get(connection);
    // One that is not known was there before the agent was.
    boolean reused = life == null || life.requests() > 0;
    if (life != null) {
      life.used();
    }
    if (reused) {
      countReuse(host, port, settings);
    }
    return reused;
  }

  @Override
  public boolean prewarms(String host, int port) {
    Settings settings = settings(host, port);
    return settings != null && settings.prewarm() > 0 && reuse(host, port) == FRESH;
  }

  @Override
  public @Nullable Object spare(String host, int port, SpareSource source) {
    Settings settings = settings(host, port);
    return settings == null || !prewarms(host, port)
        ? null
        : spares.take(telemetry.of(host, port), source, settings);
  }

  @Override
  public void spareGone(String host, int port, boolean used) {
    telemetry.of(host, port).add(used ? Counter.PREWARMED_USED : Counter.PREWARMED_WASTED);
  }

  @Override
  public void makesNoSpares(String client, String missing) {
    telemetry.makesNoSpares(client, missing);
  }

  @Override
  protected void connectionIdle(Object connection) {
    Life life = lives.get(connection);
    if (life == null) {
      return;
    }
    if (life.once && life.requests() > 0 && !guard.isAnyScarce()) {
      // It is closed now. Were it left to the collector, 1,700 a second would be work for it.
      lives.remove(connection);
    } else {
      life.waits(System.nanoTime());
    }
  }

  @Override
  protected boolean persistable(String host, int port) {
    Settings settings = settings(host, port);
    if (settings == null || settings.sessionPersist()) {
      return true;
    }
    telemetry.sessionKeptInMemory(host, port, settings.mode() == Mode.OBSERVE);
    return settings.mode() == Mode.OBSERVE;
  }

  @Override
  public boolean inScope(String host, int port) {
    return settings(host, port) != null;
  }

  @Override
  public int cappedConnectTimeout(String host, int port, int millis) {
    Settings settings = settings(host, port);
    return settings == null
        ? millis
        : connectTimeout(host, port, settings, millis, settings.connectTimeoutMillis());
  }

  /**
   * The connect timeout to use instead of {@code millis}.
   *
   * @param left what is left of the cap
   */
  int connectTimeout(String host, int port, Settings settings, int millis, int left) {
    int capped = (int) TimeoutPolicy.connectMillis(millis, settings);
    if (settings.connectTimeoutMillis() > 0 && (capped <= 0 || capped > left)) {
      capped = Math.max(1, left);
    }
    boolean acts = settings.mode() != Mode.OBSERVE;
    if (capped != millis) {
      telemetry.of(host, port).add(Counter.CONNECT_TIMEOUTS_CAPPED);
      events.timeoutApplied(host, port, "connect", millis, capped, acts);
    }
    return acts ? capped : millis;
  }

  @Override
  public int defaultReadTimeout(String host, int port, int millis) {
    Settings settings = settings(host, port);
    if (settings == null) {
      return millis;
    }
    int wanted = (int) TimeoutPolicy.readMillis(millis, false, false, settings);
    boolean acts = settings.mode() != Mode.OBSERVE;
    if (wanted != millis) {
      telemetry.of(host, port).add(Counter.READ_TIMEOUTS_APPLIED);
      events.timeoutApplied(host, port, "read", millis, wanted, acts);
    }
    return acts ? wanted : millis;
  }

  @Override
  public @Nullable Call begin(
      String method,
      String host,
      int port,
      String url,
      boolean callerRetries,
      boolean idempotencyKey) {
    Settings settings = settings(host, port);
    if (settings == null) {
      return null;
    }
    RetryBudget budget = budgets.get(host, port);
    budget.onRequest(settings);
    OriginCounters counters = telemetry.of(host, port);
    counters.add(Counter.REQUESTS);
    return new PolicyCall(
        this, host, port, settings, budget, counters, method, url, callerRetries, idempotencyKey);
  }

  @Override
  public void connectionOpened(String host, int port, @Nullable Object connection) {
    Settings settings = settings(host, port);
    if (settings != null) {
      long now = System.nanoTime();
      guard.opened(host, port, settings, now);
      if (connection != null) {
        lives.put(connection, new Life(now, reuse(host, port) == FRESH));
      }
      telemetry.of(host, port).add(Counter.CONNECTIONS_OPENED);
      events.connectionOpened(host, port);
    }
  }

  @Override
  protected void connectionReused(String host, int port) {
    Settings settings = settings(host, port);
    if (settings != null) {
      countReuse(host, port, settings);
    }
  }

  private void countReuse(String host, int port, Settings settings) {
    OriginCounters counters = telemetry.of(host, port);
    counters.add(Counter.CONNECTIONS_REUSED);
    if (settings.mode() == Mode.OBSERVE && settings.reuse() == ReuseMode.NEVER) {
      counters.add(Counter.REUSES_REFUSED);
    }
  }

  /**
   * Whether a hook has ever failed, or is not in its class (any more). It may have been the one
   * that says that a request leaves, so from then on every request counts as sent; or the one that
   * keeps a dead connection from being used, so the client gets its own replays back.
   */
  boolean hookFailed() {
    return hookFailed.get() || abandoned.get();
  }

  /** Where decisions are recorded. */
  Events events() {
    return events;
  }

  /** From now on it is taken that a hook has failed. */
  public void distrust() {
    hookFailed.set(true);
  }

  @Override
  protected void failed(String hook, Throwable failure) {
    distrust();
    telemetry.hookFailed(hook, failure);
  }
}

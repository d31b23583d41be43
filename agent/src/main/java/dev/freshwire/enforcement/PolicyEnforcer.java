package dev.freshwire.enforcement;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.policy.Mode;
import dev.freshwire.policy.PerOrigin;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.RetryBudget;
import dev.freshwire.policy.ReuseMode;
import dev.freshwire.policy.Settings;
import dev.freshwire.policy.TimeoutPolicy;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.Events;
import dev.freshwire.telemetry.OriginCounters;
import dev.freshwire.telemetry.Telemetry;
import org.jspecify.annotations.Nullable;

/**
 * Answers by the policy in force, and counts. Thread-safe; a look-up of an origin allocates
 * nothing.
 */
public final class PolicyEnforcer extends Enforcer {
  /** Origins beyond it share one budget, so that a crawler does not grow the agent. */
  private static final int BUDGETS = 10_000;

  private final Telemetry telemetry;
  private final Events events;
  private final PerOrigin<RetryBudget> budgets =
      new PerOrigin<>(BUDGETS, origin -> new RetryBudget(System.nanoTime()));
  private volatile Policy policy;
  private volatile boolean hookFailed;

  public PolicyEnforcer(Policy policy, Telemetry telemetry, Events events) {
    this.policy = policy;
    this.telemetry = telemetry;
    this.events = events;
  }

  /** Puts another policy in force; requests under way keep the one they began with. */
  public void policy(Policy newPolicy) {
    policy = newPolicy;
  }

  private @Nullable Settings settings(String host, int port) {
    Settings settings = policy.settingsFor(host, port);
    return settings == null || settings.mode() == Mode.OFF ? null : settings;
  }

  @Override
  protected boolean reusable(String host, int port) {
    Settings settings = settings(host, port);
    return settings == null
        || settings.reuse() != ReuseMode.NEVER
        || settings.mode() == Mode.OBSERVE;
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
  protected boolean inScope(String host, int port) {
    return settings(host, port) != null;
  }

  @Override
  protected int cappedConnectTimeout(String host, int port, int millis) {
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
  protected int defaultReadTimeout(String host, int port, int millis) {
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
  protected @Nullable Call begin(
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
  protected void connectionOpened(String host, int port) {
    if (settings(host, port) != null) {
      telemetry.of(host, port).add(Counter.CONNECTIONS_OPENED);
      events.connectionOpened(host, port);
    }
  }

  @Override
  protected void connectionReused(String host, int port) {
    Settings settings = settings(host, port);
    if (settings != null) {
      OriginCounters counters = telemetry.of(host, port);
      counters.add(Counter.CONNECTIONS_REUSED);
      if (settings.reuse() == ReuseMode.NEVER) {
        counters.add(Counter.REUSES_REFUSED);
      }
    }
  }

  /**
   * Whether a hook has ever failed. It may have been the one that says that a request leaves, so
   * from then on every request counts as sent; or the one that keeps a dead connection from being
   * used, so the client gets its own replays back.
   */
  boolean hookFailed() {
    return hookFailed;
  }

  /** Where decisions are recorded. */
  Events events() {
    return events;
  }

  @Override
  protected void failed(String hook, Throwable failure) {
    hookFailed = true;
    telemetry.hookFailed(hook, failure);
  }
}

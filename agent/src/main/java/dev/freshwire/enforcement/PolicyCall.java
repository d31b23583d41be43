package dev.freshwire.enforcement;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.policy.Mode;
import dev.freshwire.policy.RetryAfter;
import dev.freshwire.policy.RetryBudget;
import dev.freshwire.policy.RetryPolicy;
import dev.freshwire.policy.RetryQuestion;
import dev.freshwire.policy.RetryVerdict;
import dev.freshwire.policy.Settings;
import dev.freshwire.policy.TimeoutPolicy;
import dev.freshwire.policy.UnsafeReplay;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.OriginCounters;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One request and the settings that it began with, which a reload does not change under it. Used by
 * one thread at a time.
 */
final class PolicyCall extends Call {
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final PolicyEnforcer enforcer;
  private final String host;
  private final int port;
  private final Settings settings;
  private final RetryBudget budget;
  private final OriginCounters counters;
  private final String method;
  private final String url;
  private final int known;
  private final long startNanos = System.nanoTime();

  private int attempts;
  private long attemptNanos;
  private long connectingNanos;

  /** How many attempts failed because no local port was left. */
  private int exhausted;

  private boolean callTimeoutApplied;
  private boolean sent;
  private boolean unprocessed;
  private boolean sentBefore;
  private long firstSentNanos;

  PolicyCall(
      PolicyEnforcer enforcer,
      String host,
      int port,
      Settings settings,
      RetryBudget budget,
      OriginCounters counters,
      String method,
      String url,
      boolean callerRetries,
      boolean idempotencyKey) {
    this.enforcer = enforcer;
    this.host = host;
    this.port = port;
    this.settings = settings;
    this.budget = budget;
    this.counters = counters;
    this.method = method;
    this.url = url;
    this.known =
        (callerRetries ? RetryQuestion.CALLER_RETRIES : 0)
            | (idempotencyKey ? RetryQuestion.IDEMPOTENCY_KEY : 0);
  }

  @Override
  public boolean enforced() {
    return settings.mode() != Mode.OBSERVE && !enforcer.hookFailed();
  }

  @Override
  public int attempt() {
    return Math.max(0, attempts - 1);
  }

  @Override
  public boolean mayReuse() {
    return attempts <= 1 || exhausted == attempts - 1;
  }

  @Override
  public void attempting() {
    attempts++;
    attemptNanos = attempts == 1 ? startNanos : System.nanoTime();
    if (unprocessed && !sentBefore) {
      // As if nothing had been sent so far.
      firstSentNanos = 0;
    } else {
      sentBefore |= sent;
    }
    sent = false;
    unprocessed = false;
    counters.add(Counter.ATTEMPTS);
  }

  @Override
  public void sending() {
    sent = true;
    if (firstSentNanos == 0) {
      firstSentNanos = System.nanoTime();
    }
  }

  @Override
  public boolean sent() {
    return maybeSent();
  }

  private boolean maybeSent() {
    return sent || enforcer.hookFailed();
  }

  @Override
  public int connectTimeout(int millis) {
    int left = settings.connectTimeoutMillis() - (int) (connectingNanos / NANOS_PER_MILLI);
    int timeout = enforcer.connectTimeout(host, port, settings, millis, left);
    if (!sentBefore) {
      return timeout;
    }
    // What may be sent again only soon after the first time must not be sent after a long connect.
    long soon = repeatableMillis();
    return soon < Integer.MAX_VALUE && (timeout <= 0 || timeout > soon) ? (int) soon : timeout;
  }

  /** For how long what was sent may be sent again; at least 1. */
  private long repeatableMillis() {
    RetryQuestion again =
        RetryQuestion.failed(method, target(), known | RetryQuestion.SENT_BEFORE, attempts, 0, 0);
    long limit = RetryPolicy.repeatableMillis(settings, again);
    return limit == Long.MAX_VALUE
        ? limit
        : Math.max(1, limit - (System.nanoTime() - firstSentNanos) / NANOS_PER_MILLI);
  }

  @Override
  public int callTimeout(int millis) {
    if (settings.callTimeoutMillis() <= 0) {
      return millis;
    }
    long elapsed = elapsedMillis(System.nanoTime());
    if (!TimeoutPolicy.call(millis, elapsed, settings).applies()) {
      return millis;
    }
    int limit = (int) TimeoutPolicy.callMillis(millis, elapsed, settings);
    boolean acts = settings.mode() != Mode.OBSERVE;
    if (!callTimeoutApplied) {
      callTimeoutApplied = true;
      counters.add(Counter.CALL_TIMEOUTS_APPLIED);
      enforcer.events().timeoutApplied(host, port, "call", millis, limit, acts);
    }
    return acts ? limit : millis;
  }

  @Override
  public boolean suppressReplay() {
    if (enforcer.hookFailed()) {
      return false;
    }
    boolean unsafe = !settings.retriesMethod(method);
    if (unsafe && settings.unsafeReplay() == UnsafeReplay.KEEP) {
      return false;
    }
    if (unsafe) {
      counters.add(Counter.REPLAYS_SUPPRESSED);
    }
    return settings.mode() != Mode.OBSERVE;
  }

  @Override
  public long afterFailure(
      Throwable failure, boolean unprocessed, boolean repeatable, boolean pooled) {
    long now = System.nanoTime();
    boolean sent = maybeSent();
    this.unprocessed = unprocessed;
    boolean noPort =
        !sent && FailureKind.isNoPort(failure) && enforcer.portsExhausted(host, port, settings);
    if (noPort) {
      exhausted++;
    } else if (!sent) {
      connectingNanos += now - attemptNanos;
    }
    int flags =
        known
            | (sent ? RetryQuestion.SENT : 0)
            | (sentBefore ? RetryQuestion.SENT_BEFORE : 0)
            | (unprocessed ? RetryQuestion.UNPROCESSED : 0)
            | (repeatable ? 0 : RetryQuestion.BODY_SPENT)
            | (pooled ? RetryQuestion.IDLE_CONNECTION : 0)
            | FailureKind.flags(failure, sent)
            | (connectTimeSpent() ? RetryQuestion.CONNECT_TIME_SPENT : 0);
    long sinceFirstSend = firstSentNanos == 0 ? 0 : (now - firstSentNanos) / NANOS_PER_MILLI;
    return decide(
        RetryQuestion.failed(
            method, target(), flags, counted(), elapsedMillis(now), sinceFirstSend),
        now,
        noPort);
  }

  /**
   * Without a port nothing came near the server: what spares the server does not count such an
   * attempt, only the deadline does. Where there is none, it is an attempt like any other.
   */
  private int counted() {
    boolean endless = settings.deadlineMillis() <= 0 && settings.callTimeoutMillis() <= 0;
    return endless ? attempts : Math.max(1, attempts - exhausted);
  }

  private boolean connectTimeSpent() {
    int cap = settings.connectTimeoutMillis();
    return cap > 0 && connectingNanos >= cap * NANOS_PER_MILLI;
  }

  @Override
  public long afterResponse(int status, @Nullable String retryAfter, boolean repeatable) {
    if (RetryPolicy.passes(settings, status)) {
      return Enforcer.NO_RETRY;
    }
    long now = System.nanoTime();
    int flags =
        known
            | RetryQuestion.SENT
            | (repeatable ? 0 : RetryQuestion.BODY_SPENT)
            | (Thread.currentThread().isInterrupted() ? RetryQuestion.CANCELLED : 0);
    return decide(
        RetryQuestion.answered(
            method,
            target(),
            flags,
            counted(),
            elapsedMillis(now),
            status,
            RetryAfter.parse(retryAfter, System.currentTimeMillis())),
        now,
        false);
  }

  private long decide(RetryQuestion question, long nowNanos, boolean unbudgeted) {
    long delay = RetryPolicy.delayMillis(settings, question, ThreadLocalRandom.current().nextInt());
    RetryVerdict verdict =
        unbudgeted
            ? RetryPolicy.decide(settings, question, delay)
            : RetryPolicy.decide(settings, question, delay, budget, nowNanos);
    counters.add(verdict);
    boolean acts = settings.mode() != Mode.OBSERVE;
    enforcer.events().retryDecided(host, port, method, attempts, verdict, delay, acts);
    return verdict.retries() && acts ? delay : Enforcer.NO_RETRY;
  }

  private long elapsedMillis(long nowNanos) {
    return (nowNanos - startNanos) / NANOS_PER_MILLI;
  }

  /** Path and query of the URL, as they are sent (RFC 9112, 3.2.1). */
  private String target() {
    int authority = url.indexOf("://");
    int fragment = url.indexOf('#');
    int end = fragment < 0 ? url.length() : fragment;
    for (int i = authority < 0 ? 0 : authority + 3; i < end; i++) {
      if (url.charAt(i) == '/') {
        return url.substring(i, end);
      }
      if (url.charAt(i) == '?') {
        // Its path is empty: a slash behind it is one of the query's.
        return '/' + url.substring(i, end);
      }
    }
    return "/";
  }
}

package dev.freshwire.policy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * What holds for one origin. Immutable; times are in milliseconds.
 *
 * <p>Values are taken as they are: ranges are the business of whoever reads them from an operator.
 */
public final class Settings {
  /** A budget that never runs out. */
  public static final int UNLIMITED = -1;

  private static final Settings DEFAULTS = builder().build();

  private final Mode mode;
  private final ReuseMode reuse;
  private final int maxIdleMillis;
  private final int maxAgeMillis;
  private final int maxRequests;
  private final int prewarm;
  private final int prewarmMaxIdleMillis;
  private final int portGuardPercent;
  private final boolean sessionPersist;
  private final int connectTimeoutMillis;
  private final int readTimeoutMillis;
  private final int callTimeoutMillis;
  private final int maxAttempts;
  private final int backoffMinMillis;
  private final int backoffMaxMillis;
  private final int deadlineMillis;
  private final List<String> methods;
  private final List<Integer> statuses;
  private final List<PathGlob> safePaths;
  private final int budgetPercent;
  private final int budgetPerSecond;
  private final UnsafeReplay unsafeReplay;
  private final IdempotencyKey idempotencyKey;

  private Settings(Builder builder) {
    this.mode = builder.mode;
    this.reuse = builder.reuse;
    this.maxIdleMillis = builder.maxIdleMillis;
    this.maxAgeMillis = builder.maxAgeMillis;
    this.maxRequests = builder.maxRequests;
    this.prewarm = builder.prewarm;
    this.prewarmMaxIdleMillis = builder.prewarmMaxIdleMillis;
    this.portGuardPercent = builder.portGuardPercent;
    this.sessionPersist = builder.sessionPersist;
    this.connectTimeoutMillis = builder.connectTimeoutMillis;
    this.readTimeoutMillis = builder.readTimeoutMillis;
    this.callTimeoutMillis = builder.callTimeoutMillis;
    this.maxAttempts = builder.maxAttempts;
    this.backoffMinMillis = builder.backoffMinMillis;
    this.backoffMaxMillis = builder.backoffMaxMillis;
    this.deadlineMillis = builder.deadlineMillis;
    this.methods = builder.methods;
    this.statuses = builder.statuses;
    this.safePaths = builder.safePaths;
    this.budgetPercent = builder.budgetPercent;
    this.budgetPerSecond = builder.budgetPerSecond;
    this.unsafeReplay = builder.unsafeReplay;
    this.idempotencyKey = builder.idempotencyKey;
  }

  /** The built-in values of every option. */
  public static Settings defaults() {
    return DEFAULTS;
  }

  /** A builder that begins with the built-in values. */
  public static Builder builder() {
    return new Builder();
  }

  /** A builder that begins with these values. */
  public Builder toBuilder() {
    Builder builder = new Builder();
    builder.mode = mode;
    builder.reuse = reuse;
    builder.maxIdleMillis = maxIdleMillis;
    builder.maxAgeMillis = maxAgeMillis;
    builder.maxRequests = maxRequests;
    builder.prewarm = prewarm;
    builder.prewarmMaxIdleMillis = prewarmMaxIdleMillis;
    builder.portGuardPercent = portGuardPercent;
    builder.sessionPersist = sessionPersist;
    builder.connectTimeoutMillis = connectTimeoutMillis;
    builder.readTimeoutMillis = readTimeoutMillis;
    builder.callTimeoutMillis = callTimeoutMillis;
    builder.maxAttempts = maxAttempts;
    builder.backoffMinMillis = backoffMinMillis;
    builder.backoffMaxMillis = backoffMaxMillis;
    builder.deadlineMillis = deadlineMillis;
    builder.methods = methods;
    builder.statuses = statuses;
    builder.safePaths = safePaths;
    builder.budgetPercent = budgetPercent;
    builder.budgetPerSecond = budgetPerSecond;
    builder.unsafeReplay = unsafeReplay;
    builder.idempotencyKey = idempotencyKey;
    return builder;
  }

  /** How far the agent goes with this origin. */
  public Mode mode() {
    return mode;
  }

  /** What becomes of a connection after its first request. */
  public ReuseMode reuse() {
    return reuse;
  }

  /** Validated reuse: longest idle time of a connection; at least 1. */
  public int maxIdleMillis() {
    return maxIdleMillis;
  }

  /** Validated reuse: longest lifetime of a connection; 0 for no bound. */
  public int maxAgeMillis() {
    return maxAgeMillis;
  }

  /** Validated reuse: requests per connection; at least 1. */
  public int maxRequests() {
    return maxRequests;
  }

  /** Spare connections kept open ahead of time; 0 for none. */
  public int prewarm() {
    return prewarm;
  }

  /** When a spare connection is dropped; at least 1. */
  public int prewarmMaxIdleMillis() {
    return prewarmMaxIdleMillis;
  }

  /** Share of the ephemeral ports above which NEVER falls back to VALIDATED; 0 for no guard. */
  public int portGuardPercent() {
    return portGuardPercent;
  }

  /** Whether auth sessions may be written to disk. */
  public boolean sessionPersist() {
    return sessionPersist;
  }

  /** Upper bound of a connect, TCP and TLS; 0 for none. */
  public int connectTimeoutMillis() {
    return connectTimeoutMillis;
  }

  /** Read timeout where the application chose none; 0 for none. */
  public int readTimeoutMillis() {
    return readTimeoutMillis;
  }

  /** Upper bound of a whole call, retries included; 0 for none. */
  public int callTimeoutMillis() {
    return callTimeoutMillis;
  }

  /** Attempts in total, the client's own included; at least 1. */
  public int maxAttempts() {
    return maxAttempts;
  }

  /** First step of the backoff. */
  public int backoffMinMillis() {
    return backoffMinMillis;
  }

  /** Largest step of the backoff; at least the first. */
  public int backoffMaxMillis() {
    return backoffMaxMillis;
  }

  /** No attempt starts later than this after the first; 0 for no bound. */
  public int deadlineMillis() {
    return deadlineMillis;
  }

  /** Methods that may be sent again after they were sent. */
  public List<String> methods() {
    return methods;
  }

  /** Statuses after which those methods are sent again. */
  public List<Integer> statuses() {
    return statuses;
  }

  /** POST paths that only read. */
  public List<PathGlob> safePaths() {
    return safePaths;
  }

  /** Retries per hundred requests; {@link #UNLIMITED} switches the budget off. */
  public int budgetPercent() {
    return budgetPercent;
  }

  /** Retries per second on top of that. */
  public int budgetPerSecond() {
    return budgetPerSecond;
  }

  /** What becomes of a client's own unsafe replay. */
  public UnsafeReplay unsafeReplay() {
    return unsafeReplay;
  }

  /** What an {@code Idempotency-Key} header is worth. */
  public IdempotencyKey idempotencyKey() {
    return idempotencyKey;
  }

  /** Whether the budget is switched off. */
  public boolean isBudgetUnlimited() {
    return budgetPercent == UNLIMITED;
  }

  /** Whether a request of this method may be sent again after it was sent; case matters. */
  public boolean retriesMethod(String method) {
    for (int i = 0; i < methods.size(); i++) {
      if (methods.get(i).equals(method)) {
        return true;
      }
    }
    return false;
  }

  /** Whether a response of this status asks for another attempt. */
  public boolean retriesStatus(int status) {
    for (int i = 0; i < statuses.size(); i++) {
      if (statuses.get(i) == status) {
        return true;
      }
    }
    return false;
  }

  /** Whether a POST to this path, which may have a query, is declared to only read. */
  public boolean isSafePath(String target) {
    for (int i = 0; i < safePaths.size(); i++) {
      if (safePaths.get(i).matches(target)) {
        return true;
      }
    }
    return false;
  }

  /** Collects values; not thread-safe. */
  public static final class Builder {
    private Mode mode = Mode.ENFORCE;
    private ReuseMode reuse = ReuseMode.NEVER;
    private int maxIdleMillis = 4_000;
    private int maxAgeMillis = 300_000;
    private int maxRequests = 90;
    private int prewarm = 0;
    private int prewarmMaxIdleMillis = 4_000;
    private int portGuardPercent = 80;
    private boolean sessionPersist = false;
    private int connectTimeoutMillis = 10_000;
    private int readTimeoutMillis = 150_000;
    private int callTimeoutMillis = 0;
    private int maxAttempts = 3;
    private int backoffMinMillis = 200;
    private int backoffMaxMillis = 2_000;
    private int deadlineMillis = 30_000;
    private List<String> methods = Arrays.asList("GET", "HEAD", "OPTIONS");
    private List<Integer> statuses = Arrays.asList(503, 520);
    private List<PathGlob> safePaths = Collections.<PathGlob>emptyList();
    private int budgetPercent = 20;
    private int budgetPerSecond = 10;
    private UnsafeReplay unsafeReplay = UnsafeReplay.SUPPRESS;
    private IdempotencyKey idempotencyKey = IdempotencyKey.IGNORE;

    private Builder() {}

    /** Sets {@link Settings#mode}. */
    public Builder mode(Mode mode) {
      this.mode = mode;
      return this;
    }

    /** Sets {@link Settings#reuse}. */
    public Builder reuse(ReuseMode reuse) {
      this.reuse = reuse;
      return this;
    }

    /** Sets {@link Settings#maxIdleMillis}. */
    public Builder maxIdleMillis(int maxIdleMillis) {
      this.maxIdleMillis = maxIdleMillis;
      return this;
    }

    /** Sets {@link Settings#maxAgeMillis}. */
    public Builder maxAgeMillis(int maxAgeMillis) {
      this.maxAgeMillis = maxAgeMillis;
      return this;
    }

    /** Sets {@link Settings#maxRequests}. */
    public Builder maxRequests(int maxRequests) {
      this.maxRequests = maxRequests;
      return this;
    }

    /** Sets {@link Settings#prewarm}. */
    public Builder prewarm(int prewarm) {
      this.prewarm = prewarm;
      return this;
    }

    /** Sets {@link Settings#prewarmMaxIdleMillis}. */
    public Builder prewarmMaxIdleMillis(int prewarmMaxIdleMillis) {
      this.prewarmMaxIdleMillis = prewarmMaxIdleMillis;
      return this;
    }

    /** Sets {@link Settings#portGuardPercent}. */
    public Builder portGuardPercent(int portGuardPercent) {
      this.portGuardPercent = portGuardPercent;
      return this;
    }

    /** Sets {@link Settings#sessionPersist}. */
    public Builder sessionPersist(boolean sessionPersist) {
      this.sessionPersist = sessionPersist;
      return this;
    }

    /** Sets {@link Settings#connectTimeoutMillis}. */
    public Builder connectTimeoutMillis(int connectTimeoutMillis) {
      this.connectTimeoutMillis = connectTimeoutMillis;
      return this;
    }

    /** Sets {@link Settings#readTimeoutMillis}. */
    public Builder readTimeoutMillis(int readTimeoutMillis) {
      this.readTimeoutMillis = readTimeoutMillis;
      return this;
    }

    /** Sets {@link Settings#callTimeoutMillis}. */
    public Builder callTimeoutMillis(int callTimeoutMillis) {
      this.callTimeoutMillis = callTimeoutMillis;
      return this;
    }

    /** Sets {@link Settings#maxAttempts}. */
    public Builder maxAttempts(int maxAttempts) {
      this.maxAttempts = maxAttempts;
      return this;
    }

    /** Sets {@link Settings#backoffMinMillis}. */
    public Builder backoffMinMillis(int backoffMinMillis) {
      this.backoffMinMillis = backoffMinMillis;
      return this;
    }

    /** Sets {@link Settings#backoffMaxMillis}. */
    public Builder backoffMaxMillis(int backoffMaxMillis) {
      this.backoffMaxMillis = backoffMaxMillis;
      return this;
    }

    /** Sets {@link Settings#deadlineMillis}. */
    public Builder deadlineMillis(int deadlineMillis) {
      this.deadlineMillis = deadlineMillis;
      return this;
    }

    /** Sets {@link Settings#methods}. */
    public Builder methods(List<String> methods) {
      this.methods = Collections.unmodifiableList(new ArrayList<>(methods));
      return this;
    }

    /** Sets {@link Settings#statuses}. */
    public Builder statuses(List<Integer> statuses) {
      this.statuses = Collections.unmodifiableList(new ArrayList<>(statuses));
      return this;
    }

    /** Sets {@link Settings#safePaths}. */
    public Builder safePaths(List<PathGlob> safePaths) {
      this.safePaths = Collections.unmodifiableList(new ArrayList<>(safePaths));
      return this;
    }

    /** Sets {@link Settings#budgetPercent}. */
    public Builder budgetPercent(int budgetPercent) {
      this.budgetPercent = budgetPercent;
      return this;
    }

    /** Sets {@link Settings#budgetPerSecond}. */
    public Builder budgetPerSecond(int budgetPerSecond) {
      this.budgetPerSecond = budgetPerSecond;
      return this;
    }

    /** Sets {@link Settings#unsafeReplay}. */
    public Builder unsafeReplay(UnsafeReplay unsafeReplay) {
      this.unsafeReplay = unsafeReplay;
      return this;
    }

    /** Sets {@link Settings#idempotencyKey}. */
    public Builder idempotencyKey(IdempotencyKey idempotencyKey) {
      this.idempotencyKey = idempotencyKey;
      return this;
    }

    /** The settings collected so far. */
    public Settings build() {
      return new Settings(this);
    }
  }
}

package dev.freshwire.config;

import org.jspecify.annotations.Nullable;

/** Every option there is: key, type, default and meaning. The README's table is made from it. */
public enum Option {
  MODE(
      "mode",
      Type.CHOICE,
      "enforce",
      "enforce, observe or off",
      "`enforce`; `observe`: count what would have been done, change nothing; `off`"),
  HOSTS(
      "hosts",
      Type.HOSTS,
      "*",
      "at least one host pattern: " + Option.PATTERNS,
      "hosts in scope: exact, `*.suffix` (not the suffix itself), `host:port`, `[ipv6]`, `*`"),
  EXCLUDE_HOSTS(
      "exclude-hosts",
      Type.HOSTS,
      "",
      "host patterns: " + Option.PATTERNS,
      "hosts taken out of scope, whatever `hosts` says"),
  CONFIG(
      "config",
      Type.TEXT,
      "",
      "the path of a properties file",
      "properties file in UTF-8, re-read when it changes; an invalid one keeps the last good policy"),
  CONFIG_INTERVAL(
      "config.interval",
      Type.DURATION,
      "1s",
      "a duration from 50ms to 1h",
      "how often that file is looked at"),
  REUSE(
      "reuse",
      Type.CHOICE,
      "never",
      "never, validated or unchanged",
      "`never`: a connection of its own for each attempt; `validated`: reuse within bounds and"
          + " after a liveness probe; `unchanged`: the client's own pooling"),
  REUSE_MAX_IDLE(
      "reuse.max-idle",
      Type.DURATION,
      "4s",
      Option.DURATION,
      "validated: longest idle time before reuse"),
  REUSE_MAX_AGE(
      "reuse.max-age",
      Type.DURATION_OR_OFF,
      "5m",
      Option.DURATION_OR_OFF,
      "validated: longest lifetime of a connection"),
  REUSE_MAX_REQUESTS(
      "reuse.max-requests",
      Type.COUNT,
      "90",
      "a number from 1 to 1000000",
      "validated: requests per connection"),
  PREWARM(
      "prewarm",
      Type.COUNT,
      "0",
      "a number from 0 to 100",
      "with `reuse=never`: spare connections per origin, opened ahead of time, each used once"),
  PREWARM_MAX_IDLE(
      "prewarm.max-idle",
      Type.DURATION,
      "4s",
      Option.DURATION,
      "when an unused spare connection is dropped"),
  PORT_GUARD(
      "port-guard",
      Type.PERCENT,
      "80%",
      "a percentage from 1% to 100%, or off",
      "share of the ephemeral ports towards one destination above which `never` falls back to"
          + " `validated`"),
  SESSION_PERSIST(
      "session.persist",
      Type.CHOICE,
      "false",
      "true or false",
      "whether Supabase auth sessions and PKCE verifiers are written to disk; automatic refresh is"
          + " left on either way"),
  CONNECT_TIMEOUT(
      "connect-timeout",
      Type.DURATION_OR_OFF,
      "10s",
      Option.DURATION_OR_OFF,
      "upper bound of a connect, TCP and TLS; a shorter one stays"),
  READ_TIMEOUT(
      "read-timeout",
      Type.DURATION_OR_OFF,
      "150s",
      Option.DURATION_OR_OFF,
      "where the application chose none: replaces a library's longer or infinite default"),
  CALL_TIMEOUT(
      "call-timeout",
      Type.DURATION_OR_OFF,
      "off",
      Option.DURATION_OR_OFF,
      "upper bound of a whole call, retries included"),
  RETRY_MAX_ATTEMPTS(
      "retry.max-attempts",
      Type.COUNT,
      "3",
      "a number from 1 to 10",
      "attempts in total, the client's own included; `1` for no retry"),
  RETRY_BACKOFF(
      "retry.backoff",
      Type.RANGE,
      "200ms..2s",
      "two durations, the first not longer than the second, such as 200ms..2s",
      "first and longest step of the exponential backoff, half of each random"),
  RETRY_DEADLINE(
      "retry.deadline",
      Type.DURATION_OR_OFF,
      "30s",
      Option.DURATION_OR_OFF,
      "no attempt starts later than this after the first; connects included"),
  RETRY_METHODS(
      "retry.methods",
      Type.LIST,
      "GET,HEAD,OPTIONS",
      "method names in capitals",
      "methods that may be sent again after they were sent; add `PUT,DELETE` if yours are idempotent"),
  RETRY_STATUSES(
      "retry.statuses",
      Type.LIST,
      "503,520",
      "statuses from 400 to 599",
      "responses after which those methods are sent again; `Retry-After` is honoured up to 30 s"),
  RETRY_SAFE_PATHS(
      "retry.safe-paths",
      Type.LIST,
      "",
      "paths that begin with a slash; * within a segment, ** across",
      "POST paths that only read, such as `/rest/v1/rpc/get_*`"),
  RETRY_BUDGET(
      "retry.budget",
      Type.BUDGET,
      "20%+10/s",
      "a share of the requests and a number per second, such as 20%+10/s, or off",
      "retries per origin, shared by all clients of the JVM"),
  RETRY_UNSAFE_REPLAY(
      "retry.unsafe-replay",
      Type.CHOICE,
      "suppress",
      "suppress or keep",
      "a client's own replay of a sent, non-idempotent request: `suppress` or `keep`"),
  RETRY_IDEMPOTENCY_KEY(
      "retry.idempotency-key",
      Type.CHOICE,
      "ignore",
      "ignore or trust",
      "`trust`: a request with an `Idempotency-Key` may be sent again, the server deduplicates"),
  REPORT(
      "report",
      Type.TEXT,
      "off",
      "off, exit or the path of a file",
      "`exit`: a table per origin on stderr at JVM exit; a path: the same as JSON"),
  LOG(
      "log",
      Type.CHOICE,
      "info",
      "off, error, warn, info, debug or trace",
      "level of the agent's own log on stderr");

  static final String PATTERNS = "name, *.suffix, *, [ipv6], each optionally with :port";
  static final String DURATION = "a duration from 1ms to 24h, such as 500ms, 10s or 5m";
  static final String DURATION_OR_OFF = DURATION + ", or off";

  private final String key;
  private final Type type;
  private final String defaultText;
  private final String expected;
  private final String meaning;

  Option(String key, Type type, String defaultText, String expected, String meaning) {
    this.key = key;
    this.type = type;
    this.defaultText = defaultText;
    this.expected = expected;
    this.meaning = meaning;
  }

  /** The option of that key, or null. */
  public static @Nullable Option ofKey(String key) {
    for (Option option : VALUES) {
      if (option.key.equals(key)) {
        return option;
      }
    }
    return null;
  }

  private static final Option[] VALUES = values();

  public String key() {
    return key;
  }

  public Type type() {
    return type;
  }

  /** The default as it would be written; empty for none. */
  public String defaultText() {
    return defaultText;
  }

  /** What a value has to be, for error messages. */
  public String expected() {
    return expected;
  }

  /** One line, with code in backticks. */
  public String meaning() {
    return meaning;
  }

  /** The name of the environment variable. */
  public String environmentName() {
    StringBuilder name = new StringBuilder(Sources.ENVIRONMENT_PREFIX);
    for (int i = 0; i < key.length(); i++) {
      char c = key.charAt(i);
      name.append(c == '.' || c == '-' ? '_' : (char) (c - ('a' - 'A')));
    }
    return name.toString();
  }

  /** Whether origins may differ in it. */
  public boolean isPerOrigin() {
    return type != Type.HOSTS
        && this != CONFIG
        && this != CONFIG_INTERVAL
        && this != REPORT
        && this != LOG;
  }

  /** Whether its value is a list with commas. */
  boolean isList() {
    return type == Type.HOSTS || type == Type.LIST;
  }

  /** The kinds of values. */
  public enum Type {
    CHOICE,
    HOSTS,
    LIST,
    TEXT,
    COUNT,
    PERCENT,
    DURATION,
    DURATION_OR_OFF,
    RANGE,
    BUDGET
  }
}

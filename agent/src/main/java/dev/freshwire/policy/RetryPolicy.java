package dev.freshwire.policy;

/**
 * Whether an attempt is to be repeated. Pure functions; nothing here allocates.
 *
 * <p>The promise: no request that could have been saved is lost, and no write is ever applied
 * twice. RFC 9110, 9.2.2: a request that is not idempotent is repeated only if it is known that it
 * was never applied.
 */
public final class RetryPolicy {
  /**
   * How long after its first use a Supabase refresh token is used again. The server accepts it for
   * 10 s; the second half is left for the way there.
   */
  static final long TOKEN_REFRESH_MILLIS = 5_000;

  private static final String TOKEN_PATH = "/auth/v1/token";
  private static final String REFRESH_GRANT = "grant_type=refresh_token";

  private RetryPolicy() {}

  /**
   * Whether a response of this status is of no interest: the question that every request asks, so
   * that only the others have to build a {@link RetryQuestion}.
   */
  public static boolean passes(Settings settings, int status) {
    return !settings.retriesStatus(status);
  }

  /**
   * How long to wait before another attempt, if there is to be one.
   *
   * @param random any number: all of its bits are used
   */
  public static long delayMillis(Settings settings, RetryQuestion question, int random) {
    if (!question.isAnswered()
        && question.is(RetryQuestion.IDLE_CONNECTION)
        && !question.is(RetryQuestion.SENT)) {
      // The connection was dead, not the server: there is nothing to wait for.
      return 0;
    }
    long backoff = Backoff.delayMillis(settings, question.attempt(), random);
    return Math.max(backoff, question.retryAfterMillis());
  }

  /**
   * As the other one, and takes a permit from the origin's budget if everything else allows a
   * retry.
   */
  public static RetryVerdict decide(
      Settings settings,
      RetryQuestion question,
      long delayMillis,
      RetryBudget budget,
      long nowNanos) {
    RetryVerdict verdict = decide(settings, question, delayMillis);
    return verdict.retries() && !budget.tryAcquire(settings, nowNanos)
        ? RetryVerdict.REFUSE_BUDGET
        : verdict;
  }

  /**
   * Whether there is to be another attempt after {@code delayMillis}, as far as anything but the
   * budget is concerned.
   *
   * @param delayMillis what {@link #delayMillis} answered to the same question
   */
  public static RetryVerdict decide(Settings settings, RetryQuestion question, long delayMillis) {
    RetryVerdict verdict =
        question.isAnswered() ? response(settings, question) : failure(settings, question);
    if (!verdict.retries()) {
      return verdict;
    }
    if (question.is(RetryQuestion.BODY_SPENT)) {
      return RetryVerdict.REFUSE_ONE_SHOT_BODY;
    }
    if (question.attempt() >= settings.maxAttempts()) {
      return RetryVerdict.REFUSE_ATTEMPTS_SPENT;
    }
    if (question.sinceFirstSendMillis() + delayMillis > repeatableMillis(settings, question)) {
      return RetryVerdict.REFUSE_UNSAFE;
    }
    int deadline = settings.deadlineMillis();
    if (deadline > 0 && question.elapsedMillis() + delayMillis > deadline) {
      return RetryVerdict.REFUSE_DEADLINE;
    }
    int call = settings.callTimeoutMillis();
    if (call > 0 && question.elapsedMillis() + delayMillis >= call) {
      return RetryVerdict.REFUSE_DEADLINE;
    }
    return verdict;
  }

  /**
   * How long after it was first sent the request may be sent again; for most that is for ever, or
   * never, which is not asked here.
   *
   * @return {@link Long#MAX_VALUE} for no limit
   */
  public static long repeatableMillis(Settings settings, RetryQuestion question) {
    boolean mayBeApplied =
        question.is(RetryQuestion.SENT_BEFORE)
            || (question.is(RetryQuestion.SENT) && !question.is(RetryQuestion.UNPROCESSED));
    return mayBeApplied
            && isTokenRefresh(question)
            && safeToRepeat(settings, question) == RetryVerdict.REFUSE_UNSAFE
        ? TOKEN_REFRESH_MILLIS
        : Long.MAX_VALUE;
  }

  private static RetryVerdict response(Settings settings, RetryQuestion question) {
    if (!settings.retriesStatus(question.status())) {
      return RetryVerdict.PASS_STATUS;
    }
    if (safeToRepeat(settings, question) == RetryVerdict.REFUSE_UNSAFE) {
      return RetryVerdict.PASS_UNSAFE_METHOD;
    }
    if (question.is(RetryQuestion.CANCELLED)) {
      return RetryVerdict.REFUSE_CANCELLED;
    }
    if (question.is(RetryQuestion.CALLER_RETRIES)) {
      // Whoever looks at statuses itself would multiply its attempts by ours.
      return RetryVerdict.REFUSE_CALLER_RETRIES;
    }
    if (question.retryAfterMillis() > RetryAfter.MAX_MILLIS) {
      return RetryVerdict.REFUSE_RETRY_AFTER;
    }
    return RetryVerdict.RETRY_STATUS;
  }

  private static RetryVerdict failure(Settings settings, RetryQuestion question) {
    if (question.is(RetryQuestion.CANCELLED)) {
      return RetryVerdict.REFUSE_CANCELLED;
    }
    if (question.is(RetryQuestion.RESPONSE_STARTED)) {
      return RetryVerdict.REFUSE_RESPONSE_STARTED;
    }
    if (question.is(RetryQuestion.LASTING)) {
      return RetryVerdict.REFUSE_LASTING;
    }
    if (!question.is(RetryQuestion.SENT)) {
      return question.is(RetryQuestion.CONNECT_TIME_SPENT)
          ? RetryVerdict.REFUSE_CONNECT_TIME
          : RetryVerdict.RETRY_NOT_SENT;
    }
    if (question.is(RetryQuestion.UNPROCESSED)) {
      return RetryVerdict.RETRY_UNPROCESSED;
    }
    if (question.is(RetryQuestion.TIMED_OUT)) {
      return RetryVerdict.REFUSE_TIMED_OUT;
    }
    RetryVerdict safe = safeToRepeat(settings, question);
    if (safe == RetryVerdict.REFUSE_UNSAFE
        && !question.is(RetryQuestion.SENT_BEFORE)
        && isTokenRefresh(question)) {
      safe = RetryVerdict.RETRY_TOKEN_REFRESH;
    }
    // A connection that lay idle may only have been dead; over a fresh one the server was asked.
    return safe.retries()
            && question.is(RetryQuestion.CALLER_RETRIES)
            && !question.is(RetryQuestion.IDLE_CONNECTION)
        ? RetryVerdict.REFUSE_CALLER_RETRIES
        : safe;
  }

  /** Why a request that was sent may be sent again, or {@link RetryVerdict#REFUSE_UNSAFE}. */
  private static RetryVerdict safeToRepeat(Settings settings, RetryQuestion question) {
    if (settings.retriesMethod(question.method())) {
      return RetryVerdict.RETRY_IDEMPOTENT;
    }
    String target = question.target();
    if (target != null && question.method().equals("POST") && settings.isSafePath(target)) {
      return RetryVerdict.RETRY_SAFE_PATH;
    }
    if (question.is(RetryQuestion.IDEMPOTENCY_KEY)
        && settings.idempotencyKey() == IdempotencyKey.TRUST) {
      return RetryVerdict.RETRY_IDEMPOTENCY_KEY;
    }
    return RetryVerdict.REFUSE_UNSAFE;
  }

  /** {@code POST /auth/v1/token?grant_type=refresh_token}, whatever else its query says. */
  private static boolean isTokenRefresh(RetryQuestion question) {
    String target = question.target();
    return target != null
        && question.method().equals("POST")
        && target.startsWith(TOKEN_PATH)
        && hasParameter(target, TOKEN_PATH.length());
  }

  private static boolean hasParameter(String target, int query) {
    if (query >= target.length() || target.charAt(query) != '?') {
      return false;
    }
    for (int at = query; at >= 0; at = target.indexOf('&', at + 1)) {
      int end = at + 1 + REFRESH_GRANT.length();
      if (target.startsWith(REFRESH_GRANT, at + 1)
          && (end == target.length() || target.charAt(end) == '&')) {
        return true;
      }
    }
    return false;
  }
}

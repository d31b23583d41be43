package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The table "When is a retry safe?", row by row, and the bounds around it. */
class RetryPolicyTest {
  private static final Settings DEFAULTS = Settings.defaults();
  private static final String REFRESH = "/auth/v1/token?grant_type=refresh_token";

  // ---- the table -------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE", "FOO"})
  void what_never_left_the_client_is_retried(String method) {
    assertThat(failed(method, 0)).isEqualTo(RetryVerdict.RETRY_NOT_SENT);
    assertThat(failed(method, RetryQuestion.IDLE_CONNECTION))
        .isEqualTo(RetryVerdict.RETRY_NOT_SENT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD", "OPTIONS", "POST", "PATCH", "PUT", "DELETE", "FOO"})
  void what_the_server_proved_not_to_have_processed_is_retried(String method) {
    assertThat(failed(method, RetryQuestion.SENT | RetryQuestion.UNPROCESSED))
        .isEqualTo(RetryVerdict.RETRY_UNPROCESSED);
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource({
    "GET, RETRY_IDEMPOTENT",
    "HEAD, RETRY_IDEMPOTENT",
    "OPTIONS, RETRY_IDEMPOTENT",
    "POST, REFUSE_UNSAFE",
    "PATCH, REFUSE_UNSAFE",
    "PUT, REFUSE_UNSAFE",
    "DELETE, REFUSE_UNSAFE",
    "get, REFUSE_UNSAFE",
  })
  void what_was_sent_and_not_answered_is_retried_if_it_changes_nothing(
      String method, RetryVerdict verdict) {
    assertThat(failed(method, RetryQuestion.SENT)).isEqualTo(verdict);
    assertThat(failed(method, RetryQuestion.SENT | RetryQuestion.IDLE_CONNECTION))
        .isEqualTo(verdict);
    assertThat(failed(method, RetryQuestion.SENT | RetryQuestion.SENT_BEFORE)).isEqualTo(verdict);
  }

  @Test
  void methods_can_be_opted_in() {
    Settings settings = Settings.builder().methods(List.of("GET", "PUT")).build();
    assertThat(failed(settings, "PUT", "/", RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.RETRY_IDEMPOTENT);
    assertThat(answered(settings, "PUT", "/", 0, 503)).isEqualTo(RetryVerdict.RETRY_STATUS);
    assertThat(failed(settings, "HEAD", "/", RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void a_response_that_started_and_died_is_an_error(String method) {
    int known = RetryQuestion.SENT | RetryQuestion.RESPONSE_STARTED;
    assertThat(failed(method, known)).isEqualTo(RetryVerdict.REFUSE_RESPONSE_STARTED);
    assertThat(failed(method, known | RetryQuestion.UNPROCESSED))
        .isEqualTo(RetryVerdict.REFUSE_RESPONSE_STARTED);
    assertThat(failed(method, RetryQuestion.RESPONSE_STARTED))
        .isEqualTo(RetryVerdict.REFUSE_RESPONSE_STARTED);
  }

  @ParameterizedTest(name = "{0} {1}: {2}")
  @CsvSource({
    "GET, 503, RETRY_STATUS",
    "GET, 520, RETRY_STATUS",
    "HEAD, 503, RETRY_STATUS",
    "OPTIONS, 520, RETRY_STATUS",
    "POST, 503, PASS_UNSAFE_METHOD",
    "POST, 520, PASS_UNSAFE_METHOD",
    "PATCH, 503, PASS_UNSAFE_METHOD",
    "PUT, 503, PASS_UNSAFE_METHOD",
    "DELETE, 503, PASS_UNSAFE_METHOD",
    "GET, 200, PASS_STATUS",
    "GET, 304, PASS_STATUS",
    "GET, 404, PASS_STATUS",
    "GET, 429, PASS_STATUS",
    "GET, 500, PASS_STATUS",
    "GET, 502, PASS_STATUS",
    "GET, 504, PASS_STATUS",
    "GET, 540, PASS_STATUS",
    "GET, 544, PASS_STATUS",
    "GET, 546, PASS_STATUS",
    "POST, 200, PASS_STATUS",
    "POST, 429, PASS_STATUS",
  })
  void what_a_status_asks_for(String method, int status, RetryVerdict verdict) {
    int known = RetryQuestion.SENT | RetryQuestion.RESPONSE_STARTED;
    assertThat(answered(DEFAULTS, method, "/", known, status)).isEqualTo(verdict);
    assertThat(RetryPolicy.passes(DEFAULTS, status)).isEqualTo(status != 503 && status != 520);
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "POST"})
  void a_body_that_is_gone_cannot_be_sent_again(String method) {
    assertThat(failed(method, RetryQuestion.BODY_SPENT))
        .isEqualTo(RetryVerdict.REFUSE_ONE_SHOT_BODY);
    assertThat(
            failed(
                method, RetryQuestion.SENT | RetryQuestion.UNPROCESSED | RetryQuestion.BODY_SPENT))
        .isEqualTo(RetryVerdict.REFUSE_ONE_SHOT_BODY);
    assertThat(answered(DEFAULTS, "GET", "/", RetryQuestion.BODY_SPENT, 503))
        .isEqualTo(RetryVerdict.REFUSE_ONE_SHOT_BODY);
  }

  @Test
  void a_caller_that_retries_itself_gets_retries_of_what_no_server_was_asked() {
    int known = RetryQuestion.CALLER_RETRIES;
    assertThat(failed("GET", known)).isEqualTo(RetryVerdict.RETRY_NOT_SENT);
    assertThat(failed("GET", known | RetryQuestion.SENT | RetryQuestion.UNPROCESSED))
        .isEqualTo(RetryVerdict.RETRY_UNPROCESSED);
    assertThat(failed("GET", known | RetryQuestion.SENT | RetryQuestion.IDLE_CONNECTION))
        .isEqualTo(RetryVerdict.RETRY_IDEMPOTENT);
    assertThat(failed("GET", known | RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_CALLER_RETRIES);
    assertThat(failed("POST", known | RetryQuestion.SENT)).isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(answered(DEFAULTS, "GET", "/", known, 503))
        .isEqualTo(RetryVerdict.REFUSE_CALLER_RETRIES);
    assertThat(answered(DEFAULTS, "POST", "/", known, 503))
        .isEqualTo(RetryVerdict.PASS_UNSAFE_METHOD);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, RetryQuestion.SENT, RetryQuestion.SENT | RetryQuestion.UNPROCESSED})
  void a_cancelled_call_is_not_retried(int known) {
    assertThat(failed("GET", known | RetryQuestion.CANCELLED))
        .isEqualTo(RetryVerdict.REFUSE_CANCELLED);
    assertThat(answered(DEFAULTS, "GET", "/", RetryQuestion.CANCELLED, 503))
        .isEqualTo(RetryVerdict.REFUSE_CANCELLED);
    assertThat(answered(DEFAULTS, "GET", "/", RetryQuestion.CANCELLED, 200))
        .isEqualTo(RetryVerdict.PASS_STATUS);
  }

  @Test
  void a_failure_that_lasts_is_not_repeated() {
    int lasting = RetryQuestion.LASTING;
    assertThat(failed("GET", lasting)).isEqualTo(RetryVerdict.REFUSE_LASTING);
    assertThat(failed("GET", lasting | RetryQuestion.SENT)).isEqualTo(RetryVerdict.REFUSE_LASTING);
    assertThat(failed("POST", lasting | RetryQuestion.SENT | RetryQuestion.UNPROCESSED))
        .isEqualTo(RetryVerdict.REFUSE_LASTING);
    assertThat(failed("GET", lasting | RetryQuestion.RESPONSE_STARTED))
        .isEqualTo(RetryVerdict.REFUSE_RESPONSE_STARTED);
  }

  @Test
  void the_time_to_connect_is_one_for_all_attempts() {
    int spent = RetryQuestion.CONNECT_TIME_SPENT;
    assertThat(failed("GET", spent)).isEqualTo(RetryVerdict.REFUSE_CONNECT_TIME);
    assertThat(failed("GET", spent | RetryQuestion.SENT)).isEqualTo(RetryVerdict.RETRY_IDEMPOTENT);
  }

  @Test
  void a_server_that_is_slow_is_not_asked_again() {
    int known = RetryQuestion.SENT | RetryQuestion.TIMED_OUT;
    assertThat(failed("GET", known)).isEqualTo(RetryVerdict.REFUSE_TIMED_OUT);
    assertThat(failed("POST", known)).isEqualTo(RetryVerdict.REFUSE_TIMED_OUT);
    assertThat(failed("GET", RetryQuestion.TIMED_OUT)).isEqualTo(RetryVerdict.RETRY_NOT_SENT);
    assertThat(failed("GET", known | RetryQuestion.UNPROCESSED))
        .isEqualTo(RetryVerdict.RETRY_UNPROCESSED);
  }

  // ---- token refresh ---------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/auth/v1/token?grant_type=refresh_token",
        "/auth/v1/token?a=b&grant_type=refresh_token",
        "/auth/v1/token?grant_type=refresh_token&a=b",
        "/auth/v1/token?&grant_type=refresh_token",
        "/auth/v1/token?grant_type=x&grant_type=refresh_token",
      })
  void a_token_refresh_that_was_sent_is_retried_once(String target) {
    assertThat(failed(DEFAULTS, "POST", target, RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.RETRY_TOKEN_REFRESH);
    assertThat(failed(DEFAULTS, "POST", target, RetryQuestion.SENT | RetryQuestion.SENT_BEFORE))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/auth/v1/token",
        "/auth/v1/token?",
        "/auth/v1/token?grant_type=password",
        "/auth/v1/token?grant_type=refresh_tokens",
        "/auth/v1/token?xgrant_type=refresh_token",
        "/auth/v1/token?a=grant_type=refresh_token",
        "/auth/v1/token&grant_type=refresh_token",
        "/auth/v1/tokens?grant_type=refresh_token",
        "/auth/v1/token/x?grant_type=refresh_token",
        "/x/auth/v1/token?grant_type=refresh_token",
        "/auth/v1/token?grant_type=refresh_toke",
        "/",
      })
  void any_other_sent_post_is_not(String target) {
    assertThat(failed(DEFAULTS, "POST", target, RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
  }

  @Test
  void a_token_refresh_is_retried_within_five_seconds_of_the_first_send() {
    assertThat(refreshed(4_800, 200)).isEqualTo(RetryVerdict.RETRY_TOKEN_REFRESH);
    assertThat(refreshed(4_801, 200)).isEqualTo(RetryVerdict.REFUSE_UNSAFE);
  }

  @Test
  void within_five_seconds_also_where_the_attempt_between_was_not_sent() {
    assertThat(refreshed(RetryQuestion.SENT_BEFORE, 4_800, 200))
        .isEqualTo(RetryVerdict.RETRY_NOT_SENT);
    assertThat(refreshed(RetryQuestion.SENT_BEFORE, 4_801, 200))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    int unprocessed = RetryQuestion.SENT | RetryQuestion.UNPROCESSED;
    assertThat(refreshed(unprocessed | RetryQuestion.SENT_BEFORE, 6_000, 0))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(refreshed(unprocessed, 6_000, 0)).isEqualTo(RetryVerdict.RETRY_UNPROCESSED);
  }

  @Test
  void a_caller_that_retries_refreshes_its_token_again_by_itself() {
    int sent = RetryQuestion.SENT | RetryQuestion.CALLER_RETRIES;
    assertThat(refreshed(sent, 0, 0)).isEqualTo(RetryVerdict.REFUSE_CALLER_RETRIES);
    assertThat(refreshed(sent | RetryQuestion.IDLE_CONNECTION, 0, 0))
        .isEqualTo(RetryVerdict.RETRY_TOKEN_REFRESH);
  }

  @Test
  void only_a_post_refreshes_tokens_and_an_unknown_target_is_none() {
    assertThat(failed(DEFAULTS, "PATCH", REFRESH, RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(failed(DEFAULTS, "POST", null, RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
  }

  @Test
  void a_token_refresh_that_was_answered_is_passed_on_whatever_the_status() {
    assertThat(answered(DEFAULTS, "POST", REFRESH, RetryQuestion.SENT, 503))
        .isEqualTo(RetryVerdict.PASS_UNSAFE_METHOD);
  }

  // ---- opt-ins ---------------------------------------------------------------------------------

  @Test
  void a_post_to_a_path_that_only_reads_is_treated_as_a_get() {
    Settings settings =
        Settings.builder().safePaths(List.of(PathGlob.of("/rest/v1/rpc/get_*"))).build();
    String safe = "/rest/v1/rpc/get_users?limit=1";
    assertThat(failed(settings, "POST", safe, RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.RETRY_SAFE_PATH);
    assertThat(answered(settings, "POST", safe, 0, 503)).isEqualTo(RetryVerdict.RETRY_STATUS);
    assertThat(failed(settings, "PATCH", safe, RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(failed(settings, "POST", "/rest/v1/rpc/set_x", RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(failed(settings, "POST", null, RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(failed(settings, "POST", safe, RetryQuestion.SENT | RetryQuestion.RESPONSE_STARTED))
        .isEqualTo(RetryVerdict.REFUSE_RESPONSE_STARTED);
  }

  @Test
  void an_idempotency_key_counts_only_if_it_is_trusted() {
    int known = RetryQuestion.SENT | RetryQuestion.IDEMPOTENCY_KEY;
    Settings trust = Settings.builder().idempotencyKey(IdempotencyKey.TRUST).build();
    assertThat(failed(DEFAULTS, "POST", "/", known)).isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(failed(trust, "POST", "/", known)).isEqualTo(RetryVerdict.RETRY_IDEMPOTENCY_KEY);
    assertThat(answered(trust, "POST", "/", known, 503)).isEqualTo(RetryVerdict.RETRY_STATUS);
    assertThat(failed(trust, "POST", "/", RetryQuestion.SENT))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
  }

  // ---- bounds ----------------------------------------------------------------------------------

  @ParameterizedTest
  @ValueSource(ints = {0, RetryQuestion.SENT, RetryQuestion.SENT | RetryQuestion.UNPROCESSED})
  void the_last_attempt_is_the_last(int known) {
    assertThat(RetryPolicy.decide(DEFAULTS, RetryQuestion.failed("GET", "/", known, 2, 0, 0), 0))
        .matches(RetryVerdict::retries);
    assertThat(RetryPolicy.decide(DEFAULTS, RetryQuestion.failed("GET", "/", known, 3, 0, 0), 0))
        .isEqualTo(RetryVerdict.REFUSE_ATTEMPTS_SPENT);
    assertThat(RetryPolicy.decide(DEFAULTS, RetryQuestion.failed("GET", "/", known, 4, 0, 0), 0))
        .isEqualTo(RetryVerdict.REFUSE_ATTEMPTS_SPENT);
  }

  @Test
  void the_attempts_of_a_status_are_bounded_as_well() {
    RetryQuestion third = RetryQuestion.answered("GET", "/", 0, 3, 0, 503, RetryAfter.NONE);
    assertThat(RetryPolicy.decide(DEFAULTS, third, 0))
        .isEqualTo(RetryVerdict.REFUSE_ATTEMPTS_SPENT);
  }

  @Test
  void no_attempt_starts_after_the_deadline() {
    assertThat(afterElapsed(29_800, 200, DEFAULTS)).isEqualTo(RetryVerdict.RETRY_NOT_SENT);
    assertThat(afterElapsed(29_801, 200, DEFAULTS)).isEqualTo(RetryVerdict.REFUSE_DEADLINE);
    Settings without = Settings.builder().deadlineMillis(0).build();
    assertThat(afterElapsed(Long.MAX_VALUE / 2, 200, without))
        .isEqualTo(RetryVerdict.RETRY_NOT_SENT);
    Settings short1 = Settings.builder().deadlineMillis(1).build();
    assertThat(afterElapsed(2, 0, short1)).isEqualTo(RetryVerdict.REFUSE_DEADLINE);
    assertThat(afterElapsed(1, 0, short1)).isEqualTo(RetryVerdict.RETRY_NOT_SENT);
  }

  @Test
  void no_attempt_starts_when_the_time_for_the_call_is_over() {
    Settings limited = Settings.builder().callTimeoutMillis(1_000).build();
    assertThat(afterElapsed(799, 200, limited).retries()).isTrue();
    assertThat(afterElapsed(800, 200, limited)).isEqualTo(RetryVerdict.REFUSE_DEADLINE);
  }

  @Test
  void a_retry_needs_a_permit_and_only_a_retry_takes_one() {
    Settings settings = Settings.builder().budgetPercent(0).budgetPerSecond(1).build();
    RetryBudget budget = new RetryBudget(0);
    RetryQuestion unsafe = RetryQuestion.failed("POST", "/", RetryQuestion.SENT, 1, 0, 0);
    RetryQuestion unsent = RetryQuestion.failed("POST", "/", 0, 1, 0, 0);
    assertThat(RetryPolicy.decide(settings, unsafe, 0, budget, 0))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
    assertThat(RetryPolicy.decide(settings, unsent, 0, budget, 0))
        .isEqualTo(RetryVerdict.RETRY_NOT_SENT);
    assertThat(RetryPolicy.decide(settings, unsent, 0, budget, 0))
        .isEqualTo(RetryVerdict.REFUSE_BUDGET);
    assertThat(RetryPolicy.decide(settings, unsafe, 0, budget, 0))
        .isEqualTo(RetryVerdict.REFUSE_UNSAFE);
  }

  // ---- delays ----------------------------------------------------------------------------------

  @Test
  void only_a_dead_idle_connection_before_a_byte_was_written_is_retried_at_once() {
    assertThat(delay(RetryQuestion.failed("GET", "/", RetryQuestion.IDLE_CONNECTION, 1, 0, 0)))
        .isZero();
    assertThat(delay(RetryQuestion.failed("GET", "/", 0, 1, 0, 0))).isEqualTo(100);
    int sentOnIdle = RetryQuestion.IDLE_CONNECTION | RetryQuestion.SENT;
    assertThat(delay(RetryQuestion.failed("GET", "/", sentOnIdle, 2, 0, 0))).isEqualTo(200);
    RetryQuestion answered =
        RetryQuestion.answered(
            "GET", "/", RetryQuestion.IDLE_CONNECTION, 1, 0, 503, RetryAfter.NONE);
    assertThat(delay(answered)).isEqualTo(100);
  }

  @ParameterizedTest(name = "Retry-After {0}: {2} after {1} ms")
  @CsvSource({
    "-1,    100,   RETRY_STATUS",
    "0,     100,   RETRY_STATUS",
    "99,    100,   RETRY_STATUS",
    "1000,  1000,  RETRY_STATUS",
    "29000, 29000, RETRY_STATUS",
    "30000, 30000, RETRY_STATUS",
    "30001, 30001, REFUSE_RETRY_AFTER",
    "9223372036854775000, 9223372036854775000, REFUSE_RETRY_AFTER",
  })
  void a_server_may_ask_for_a_longer_wait(long retryAfter, long delay, RetryVerdict verdict) {
    RetryQuestion question = RetryQuestion.answered("GET", "/", 0, 1, 0, 503, retryAfter);
    assertThat(delay(question)).isEqualTo(delay);
    assertThat(RetryPolicy.decide(DEFAULTS, question, delay)).isEqualTo(verdict);
  }

  @Test
  void a_wait_that_the_server_asks_for_still_has_to_end_before_the_deadline() {
    RetryQuestion question = RetryQuestion.answered("GET", "/", 0, 1, 1, 503, 30_000);
    assertThat(RetryPolicy.decide(DEFAULTS, question, 30_000))
        .isEqualTo(RetryVerdict.REFUSE_DEADLINE);
  }

  // ---- names and costs -------------------------------------------------------------------------

  @ParameterizedTest
  @EnumSource
  void the_name_says_whether_it_retries(RetryVerdict verdict) {
    assertThat(verdict.retries()).isEqualTo(verdict.name().startsWith("RETRY_"));
  }

  @Test
  void a_question_tells_what_it_was_asked_about() {
    RetryQuestion failed = RetryQuestion.failed("GET", "/x", RetryQuestion.SENT, 2, 30, 40);
    assertThat(failed)
        .returns("GET", RetryQuestion::method)
        .returns(2, RetryQuestion::attempt)
        .returns(30L, RetryQuestion::elapsedMillis)
        .returns(0, RetryQuestion::status)
        .returns(false, RetryQuestion::isAnswered);
    RetryQuestion answered = RetryQuestion.answered("GET", "/x", 0, 2, 30, 503, 40);
    assertThat(answered)
        .returns(503, RetryQuestion::status)
        .returns(true, RetryQuestion::isAnswered);
  }

  @Test
  void a_question_does_not_show_its_query() {
    assertThat(RetryQuestion.failed("POST", "/x?apikey=secret", 0, 1, 0, 0).toString())
        .isEqualTo("POST, attempt 1, known 0, status 0");
  }

  @Test
  void deciding_allocates_nothing() {
    RetryQuestion sent = RetryQuestion.failed("POST", REFRESH, RetryQuestion.SENT, 1, 0, 0);
    RetryQuestion busy = RetryQuestion.answered("GET", "/", 0, 1, 0, 503, 1000);
    Settings settings =
        Settings.builder().safePaths(List.of(PathGlob.of("/rest/v1/rpc/get_*"))).build();
    RetryBudget budget = new RetryBudget(0);
    long[] sum = new long[1];
    long allocated =
        Allocation.of(
            () -> {
              budget.onRequest(settings);
              sum[0] += RetryPolicy.passes(settings, 200) ? 1 : 0;
              sum[0] += RetryPolicy.decide(settings, sent, 1, budget, sum[0]).name().length();
              long delay = RetryPolicy.delayMillis(settings, busy, 77);
              sum[0] += RetryPolicy.decide(settings, busy, delay).name().length();
            });
    assertThat(allocated).isLessThan(10_000);
  }

  private static RetryVerdict failed(String method, int known) {
    return failed(DEFAULTS, method, "/rest/v1/x", known);
  }

  private static RetryVerdict failed(
      Settings settings, String method, @Nullable String target, int known) {
    return RetryPolicy.decide(settings, RetryQuestion.failed(method, target, known, 1, 0, 0), 0);
  }

  private static RetryVerdict answered(
      Settings settings, String method, String target, int known, int status) {
    RetryQuestion question =
        RetryQuestion.answered(method, target, known, 1, 0, status, RetryAfter.NONE);
    return RetryPolicy.decide(settings, question, 0);
  }

  private static RetryVerdict refreshed(long sinceFirstSend, long delay) {
    return refreshed(RetryQuestion.SENT, sinceFirstSend, delay);
  }

  private static RetryVerdict refreshed(int known, long sinceFirstSend, long delay) {
    RetryQuestion question = RetryQuestion.failed("POST", REFRESH, known, 1, 0, sinceFirstSend);
    return RetryPolicy.decide(DEFAULTS, question, delay);
  }

  private static RetryVerdict afterElapsed(long elapsed, long delay, Settings settings) {
    return RetryPolicy.decide(settings, RetryQuestion.failed("GET", "/", 0, 1, elapsed, 0), delay);
  }

  private static long delay(RetryQuestion question) {
    return RetryPolicy.delayMillis(DEFAULTS, question, 0);
  }
}

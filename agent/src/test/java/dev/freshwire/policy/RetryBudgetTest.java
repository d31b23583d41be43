package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryBudgetTest {
  private static final long SECOND = 1_000_000_000L;
  private static final Settings DEFAULTS = Settings.defaults();
  private static final Settings SECONDS_ONLY = settings(0, 10);
  private static final Settings PERCENT_ONLY = settings(20, 0);

  @ParameterizedTest
  @ValueSource(longs = {0, 123, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE - SECOND / 2})
  void a_second_grants_its_share_whatever_the_clock_says(long start) {
    RetryBudget budget = new RetryBudget(start);
    assertThat(take(budget, SECONDS_ONLY, start)).isEqualTo(10);
    assertThat(take(budget, SECONDS_ONLY, start + SECOND / 10 - 1)).isZero();
    assertThat(take(budget, SECONDS_ONLY, start + SECOND / 10)).isEqualTo(1);
    assertThat(take(budget, SECONDS_ONLY, start + SECOND)).isEqualTo(9);
    assertThat(take(budget, SECONDS_ONLY, start + 2 * SECOND)).isEqualTo(10);
    // However long nothing happens, one second's worth is saved.
    assertThat(take(budget, SECONDS_ONLY, start + 1000 * SECOND)).isEqualTo(10);
  }

  @Test
  void a_clock_that_goes_back_a_little_grants_nothing_twice() {
    RetryBudget budget = new RetryBudget(0);
    assertThat(take(budget, SECONDS_ONLY, SECOND)).isEqualTo(10);
    assertThat(take(budget, SECONDS_ONLY, SECOND - 5)).isZero();
    assertThat(take(budget, SECONDS_ONLY, SECOND)).isZero();
  }

  @Test
  void five_requests_earn_one_retry() {
    RetryBudget budget = new RetryBudget(0);
    request(budget, PERCENT_ONLY, 4);
    assertThat(budget.tryAcquire(PERCENT_ONLY, 0)).isFalse();
    request(budget, PERCENT_ONLY, 1);
    assertThat(budget.tryAcquire(PERCENT_ONLY, 0)).isTrue();
    assertThat(budget.tryAcquire(PERCENT_ONLY, 0)).isFalse();
  }

  @Test
  void what_requests_have_earned_is_kept_up_to_a_hundred_retries() {
    RetryBudget budget = new RetryBudget(0);
    request(budget, PERCENT_ONLY, 499);
    assertThat(take(budget, PERCENT_ONLY, 0)).isEqualTo(99);
    request(budget, PERCENT_ONLY, 100_000);
    assertThat(take(budget, PERCENT_ONLY, 0)).isEqualTo(100);
    // An odd share must not overshoot.
    request(budget, settings(77, 0), 1000);
    assertThat(take(budget, PERCENT_ONLY, 0)).isEqualTo(100);
    request(budget, PERCENT_ONLY, 5);
    assertThat(take(budget, PERCENT_ONLY, 0)).isEqualTo(1);
  }

  @Test
  void both_shares_add_up() {
    RetryBudget budget = new RetryBudget(0);
    request(budget, DEFAULTS, 50);
    assertThat(take(budget, DEFAULTS, 0)).isEqualTo(20);
  }

  @Test
  void the_seconds_share_is_used_first_because_it_is_lost_otherwise() {
    RetryBudget budget = new RetryBudget(0);
    request(budget, DEFAULTS, 5);
    assertThat(budget.tryAcquire(DEFAULTS, 0)).isTrue();
    assertThat(take(budget, PERCENT_ONLY, 0)).isEqualTo(1);
  }

  @Test
  void a_budget_of_nothing_grants_nothing_and_none_grants_everything() {
    RetryBudget budget = new RetryBudget(0);
    Settings nothing = settings(0, 0);
    request(budget, nothing, 1000);
    assertThat(take(budget, nothing, 10 * SECOND)).isZero();
    Settings unlimited = settings(Settings.UNLIMITED, 0);
    request(budget, unlimited, 1000);
    for (int i = 0; i < 10_000; i++) {
      assertThat(budget.tryAcquire(unlimited, 0)).isTrue();
    }
    assertThat(take(budget, PERCENT_ONLY, 0)).isZero();
  }

  @Test
  void an_outage_of_30_seconds_under_200_requests_per_second_is_not_amplified() {
    RetryBudget budget = new RetryBudget(0);
    long retries = 0;
    long requests = 0;
    for (int millis = 0; millis < 30_000; millis += 5) {
      requests++;
      budget.onRequest(DEFAULTS);
      for (int retry = 0; retry < 2; retry++) {
        retries += budget.tryAcquire(DEFAULTS, millis * 1_000_000L) ? 1 : 0;
      }
    }
    assertThat(requests).isEqualTo(6000);
    // The bound, and not far below it: what could be saved is.
    assertThat(retries).isBetween(1400L, requests / 5 + 10 * 31);
  }

  /** Threads that race for permits while others earn them, on a clock that moves under them. */
  @Test
  void threads_together_get_no_more_and_no_fewer_permits_than_there_are() throws Exception {
    RetryBudget budget = new RetryBudget(0);
    int threads = 8;
    long rounds = 50_000;
    AtomicLong clock = new AtomicLong();
    AtomicLong granted = new AtomicLong();
    CountDownLatch start = new CountDownLatch(1);
    ExecutorService executor = Executors.newFixedThreadPool(threads);
    List<Future<?>> running = new ArrayList<>();
    for (int t = 0; t < threads; t++) {
      Random random = new Random(t);
      running.add(
          executor.submit(
              () -> {
                start.await();
                for (int i = 0; i < rounds; i++) {
                  long now = clock.addAndGet(random.nextInt(20_000));
                  budget.onRequest(DEFAULTS);
                  if (budget.tryAcquire(DEFAULTS, now)) {
                    granted.incrementAndGet();
                  }
                }
                return null;
              }));
    }
    start.countDown();
    for (Future<?> one : running) {
      one.get();
    }
    executor.shutdown();
    long bound = threads * rounds / 5 + 10 * (clock.get() + SECOND) / SECOND;
    // The whole bound is asked for: all but a rest that is still unspent must have been granted.
    assertThat(granted.get()).isBetween(bound - 15, bound);
  }

  private static Settings settings(int percent, int perSecond) {
    return Settings.builder().budgetPercent(percent).budgetPerSecond(perSecond).build();
  }

  private static void request(RetryBudget budget, Settings settings, int times) {
    for (int i = 0; i < times; i++) {
      budget.onRequest(settings);
    }
  }

  private static int take(RetryBudget budget, Settings settings, long now) {
    int taken = 0;
    while (budget.tryAcquire(settings, now)) {
      taken++;
    }
    return taken;
  }
}

package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.config.RandomTexts;
import org.junit.jupiter.api.Test;

/** What servers send in {@code Retry-After}: a wait that is none, or not negative. */
class RandomHeadersTest {
  private static final long SEED = Long.getLong("freshwire.test.seed", 20_261_123L);
  private static final long NOW = 1_795_000_000_000L;

  @Test
  void a_wait_is_never_negative_and_nothing_is_thrown() {
    RandomTexts texts = new RandomTexts(SEED, "12", "3153600000", "Sun, ", " GMT", ":", "-", "00");
    int waits = 0;
    for (int i = 0; i < 30_000; i++) {
      String header = texts.next();
      long wait = RetryAfter.parse(header, NOW);
      assertThat(wait).as("seed %s: %s", SEED, header).isGreaterThanOrEqualTo(RetryAfter.NONE);
      waits += wait > 0 ? 1 : 0;
    }
    assertThat(waits).isPositive();
  }

  @Test
  void a_century_a_negative_number_and_nonsense() {
    assertThat(RetryAfter.parse("3153600000", NOW)).isGreaterThan(RetryAfter.MAX_MILLIS);
    assertThat(RetryAfter.parse("Sun, 06 Nov 2094 08:49:37 GMT", NOW))
        .isGreaterThan(RetryAfter.MAX_MILLIS);
    assertThat(RetryAfter.parse("99999999999999999999999999", NOW))
        .matches(wait -> wait == RetryAfter.NONE || wait > RetryAfter.MAX_MILLIS);
    assertThat(RetryAfter.parse("-1", NOW)).isEqualTo(RetryAfter.NONE);
    assertThat(RetryAfter.parse("soon", NOW)).isEqualTo(RetryAfter.NONE);
  }
}

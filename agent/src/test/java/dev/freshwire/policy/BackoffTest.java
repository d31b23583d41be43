package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BackoffTest {

  @ParameterizedTest(name = "after attempt {0}: from {1} to {2} ms")
  @CsvSource({
    "0, 100, 200",
    "1, 100, 200",
    "2, 200, 400",
    "3, 400, 800",
    "4, 800, 1600",
    "5, 1000, 2000",
    "6, 1000, 2000",
    "1000, 1000, 2000",
  })
  void half_is_fixed_and_half_is_random(int attempt, long least, long most) {
    Settings settings = Settings.defaults();
    assertThat(Backoff.delayMillis(settings, attempt, 0)).isEqualTo(least);
    assertThat(Backoff.delayMillis(settings, attempt, -1)).isEqualTo(most);
    Random random = new Random(attempt);
    double sum = 0;
    for (int i = 0; i < 10_000; i++) {
      long delay = Backoff.delayMillis(settings, attempt, random.nextInt());
      assertThat(delay).isBetween(least, most);
      sum += delay;
    }
    assertThat(sum / 10_000)
        .isBetween(least + (most - least) * 0.45, least + (most - least) * 0.55);
  }

  @Test
  void three_attempts_always_span_at_least_300_ms() {
    Settings settings = Settings.defaults();
    long shortest = Backoff.delayMillis(settings, 1, 0) + Backoff.delayMillis(settings, 2, 0);
    assertThat(shortest).isGreaterThanOrEqualTo(300);
  }

  @ParameterizedTest(name = "{0}..{1} ms after attempt {2}: from {3} to {4} ms")
  @CsvSource({
    "1, 1, 1, 1, 1",
    "1, 1, 9, 1, 1",
    "3, 3, 1, 2, 3",
    "100, 150, 2, 75, 150",
    "86400000, 86400000, 3, 43200000, 86400000",
    "1, 86400000, 40, 43200000, 86400000",
  })
  void odd_bounds_are_kept(int min, int max, int attempt, long least, long most) {
    Settings settings = Settings.builder().backoffMinMillis(min).backoffMaxMillis(max).build();
    assertThat(Backoff.delayMillis(settings, attempt, 0)).isEqualTo(least);
    assertThat(Backoff.delayMillis(settings, attempt, -1)).isEqualTo(most);
  }
}

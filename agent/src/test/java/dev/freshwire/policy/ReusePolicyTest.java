package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReusePolicyTest {

  @ParameterizedTest(
      name = "{0}, prewarmed {1}, ports scarce {2}, idle {3}, age {4}, requests {5}: {6}")
  @CsvSource({
    // mode,     prewarmed, scarce, idle,  age,    requests, verdict
    "UNCHANGED,  false,     false,  999999, 999999, 9999,    LEAVE_UNCHANGED",
    "UNCHANGED,  true,      true,   999999, 999999, 0,       LEAVE_UNCHANGED",
    "NEVER,      false,     false,  0,      0,      0,       REFUSE_NEVER",
    "NEVER,      false,     false,  0,      0,      1,       REFUSE_NEVER",
    "NEVER,      false,     false,  999999, 999999, 9999,    REFUSE_NEVER",
    "NEVER,      true,      false,  0,      0,      0,       USE_PREWARMED",
    "NEVER,      true,      false,  2999,   999999, 0,       USE_PREWARMED",
    "NEVER,      true,      false,  3000,   3000,   0,       REFUSE_PREWARM_IDLE",
    "NEVER,      true,      false,  0,      0,      1,       REFUSE_NEVER",
    "NEVER,      true,      true,   0,      0,      1,       USE_VALIDATED",
    "NEVER,      false,     true,   3999,   299999, 89,      USE_VALIDATED",
    "NEVER,      false,     true,   4000,   4000,   1,       REFUSE_IDLE",
    "NEVER,      false,     true,   0,      300000, 1,       REFUSE_AGE",
    "NEVER,      false,     true,   0,      0,      90,      REFUSE_REQUESTS",
    "VALIDATED,  false,     false,  0,      0,      1,       USE_VALIDATED",
    "VALIDATED,  false,     false,  3999,   299999, 89,      USE_VALIDATED",
    "VALIDATED,  false,     true,   3999,   299999, 89,      USE_VALIDATED",
    "VALIDATED,  false,     false,  4000,   4000,   1,       REFUSE_IDLE",
    "VALIDATED,  false,     false,  4000,   300000, 90,      REFUSE_IDLE",
    "VALIDATED,  false,     false,  3999,   300000, 90,      REFUSE_AGE",
    "VALIDATED,  false,     false,  3999,   299999, 90,      REFUSE_REQUESTS",
    "VALIDATED,  true,      false,  0,      0,      0,       USE_PREWARMED",
  })
  void whether_a_connection_may_carry_a_request(
      ReuseMode mode,
      boolean prewarmed,
      boolean scarce,
      long idle,
      long age,
      int requests,
      ReuseVerdict verdict) {
    Settings settings = Settings.builder().reuse(mode).prewarmMaxIdleMillis(3000).build();
    assertThat(ReusePolicy.acquire(settings, prewarmed, scarce, idle, age, requests))
        .isEqualTo(verdict);
  }

  @ParameterizedTest(name = "{0}, ports scarce {1}, age {2}, requests {3}: {4}")
  @CsvSource({
    "UNCHANGED, false, 999999, 9999, LEAVE_UNCHANGED",
    "UNCHANGED, true,  999999, 9999, LEAVE_UNCHANGED",
    "NEVER,     false, 0,      1,    REFUSE_NEVER",
    "NEVER,     true,  0,      1,    USE_VALIDATED",
    "VALIDATED, false, 299999, 89,   USE_VALIDATED",
    "VALIDATED, false, 300000, 89,   REFUSE_AGE",
    "VALIDATED, false, 299999, 90,   REFUSE_REQUESTS",
  })
  void whether_a_connection_may_be_kept(
      ReuseMode mode, boolean scarce, long age, int requests, ReuseVerdict verdict) {
    Settings settings = Settings.builder().reuse(mode).build();
    assertThat(ReusePolicy.release(settings, scarce, age, requests)).isEqualTo(verdict);
  }

  @Test
  void the_age_may_be_unbounded() {
    Settings settings = Settings.builder().reuse(ReuseMode.VALIDATED).maxAgeMillis(0).build();
    assertThat(ReusePolicy.acquire(settings, false, false, 0, Long.MAX_VALUE, 1))
        .isEqualTo(ReuseVerdict.USE_VALIDATED);
    assertThat(ReusePolicy.acquire(settings, false, false, 0, 0, 1))
        .isEqualTo(ReuseVerdict.USE_VALIDATED);
  }

  @ParameterizedTest
  @EnumSource
  void the_name_says_whether_it_allows(ReuseVerdict verdict) {
    assertThat(verdict.allows()).isEqualTo(!verdict.name().startsWith("REFUSE_"));
    assertThat(verdict.needsProbe()).isEqualTo(verdict.name().startsWith("USE_"));
  }
}

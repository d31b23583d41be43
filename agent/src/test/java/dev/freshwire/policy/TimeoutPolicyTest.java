package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TimeoutPolicyTest {

  @ParameterizedTest(name = "connect: the client has {0}, we {1}: {2}, {3}")
  @CsvSource({
    "0,     10000, APPLY_UNSET,   10000",
    "-1,    10000, APPLY_UNSET,   10000",
    "10001, 10000, APPLY_SHORTER, 10000",
    "10000, 10000, KEEP_SHORTER,  10000",
    "1,     10000, KEEP_SHORTER,  1",
    "0,     0,     KEEP_OFF,      0",
    "99999, 0,     KEEP_OFF,      99999",
    "9999999999, 10000, APPLY_SHORTER, 10000",
  })
  void connect(long current, int ours, TimeoutVerdict verdict, long result) {
    Settings settings = Settings.builder().connectTimeoutMillis(ours).build();
    assertThat(TimeoutPolicy.connect(current, settings)).isEqualTo(verdict);
    assertThat(TimeoutPolicy.connectMillis(current, settings)).isEqualTo(result);
  }

  @ParameterizedTest(name = "read: the client has {0}, chosen {1}, streaming {2}, we {3}: {4}, {5}")
  @CsvSource({
    "0,      false, false, 150000, APPLY_UNSET,    150000",
    "-1,     false, false, 150000, APPLY_UNSET,    150000",
    "200000, false, false, 150000, APPLY_SHORTER,  150000",
    "10000,  false, false, 3000,   APPLY_SHORTER,  3000",
    "10000,  false, false, 150000, KEEP_SHORTER,   10000",
    "3000,   false, false, 3000,   KEEP_SHORTER,   3000",
    "0,      true,  false, 150000, KEEP_CHOSEN,    0",
    "200000, true,  false, 150000, KEEP_CHOSEN,    200000",
    "1,      true,  false, 150000, KEEP_CHOSEN,    1",
    "1,      true,  true,  150000, KEEP_CHOSEN,    1",
    "0,      false, true,  150000, KEEP_STREAMING, 0",
    "200000, false, true,  150000, KEEP_STREAMING, 200000",
    "0,      false, false, 0,      KEEP_OFF,       0",
    "200000, true,  true,  0,      KEEP_OFF,       200000",
  })
  void read(
      long current,
      boolean chosen,
      boolean streaming,
      int ours,
      TimeoutVerdict verdict,
      long result) {
    Settings settings = Settings.builder().readTimeoutMillis(ours).build();
    assertThat(TimeoutPolicy.read(current, chosen, streaming, settings)).isEqualTo(verdict);
    assertThat(TimeoutPolicy.readMillis(current, chosen, streaming, settings)).isEqualTo(result);
  }

  @ParameterizedTest(name = "call: the client has {0}, {1} ms have passed, we {2}: {3}, {4}")
  @CsvSource({
    "0,     0,     60000, APPLY_UNSET,    60000",
    "60001, 0,     60000, APPLY_SHORTER,  60000",
    "60000, 0,     60000, KEEP_SHORTER,   60000",
    "0,     59000, 60000, APPLY_UNSET,    1000",
    "1001,  59000, 60000, APPLY_SHORTER,  1000",
    "1000,  59000, 60000, KEEP_SHORTER,   1000",
    "0,     60000, 60000, APPLY_UNSET,    1",
    "0,     70000, 60000, APPLY_UNSET,    1",
    "0,     1,     0,     KEEP_OFF,       0",
    "5,     9,     0,     KEEP_OFF,       5",
  })
  void call(long current, long elapsed, int ours, TimeoutVerdict verdict, long result) {
    Settings settings = Settings.builder().callTimeoutMillis(ours).build();
    assertThat(TimeoutPolicy.call(current, elapsed, settings)).isEqualTo(verdict);
    assertThat(TimeoutPolicy.callMillis(current, elapsed, settings)).isEqualTo(result);
  }

  @ParameterizedTest
  @EnumSource
  void the_name_says_whether_it_applies(TimeoutVerdict verdict) {
    assertThat(verdict.applies()).isEqualTo(verdict.name().startsWith("APPLY_"));
  }
}

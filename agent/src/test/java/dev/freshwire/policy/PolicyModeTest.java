package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyModeTest {
  @ParameterizedTest(name = "agent {0}, origin {1}: switched to {2}, the origin has {3}")
  @CsvSource({
    "ENFORCE, ENFORCE, OBSERVE, OBSERVE",
    "ENFORCE, OBSERVE, ENFORCE, OBSERVE",
    "ENFORCE, OFF,     OBSERVE, OFF",
    "OBSERVE, OBSERVE, ENFORCE, ENFORCE",
    "OBSERVE, ENFORCE, OBSERVE, OBSERVE",
    "OBSERVE, OFF,     ENFORCE, OFF",
    "OFF,     OFF,     ENFORCE, ENFORCE",
    "ENFORCE, ENFORCE, OFF,     OFF"
  })
  void an_origin_keeps_a_mode_of_its_own_where_it_is_more_careful(
      Mode agent, Mode origin, Mode switched, Mode expected) {
    Policy policy =
        Policy.builder()
            .everywhere(Settings.builder().mode(agent).build())
            .override(
                Objects.requireNonNull(HostPattern.of("a.example")),
                Settings.builder().mode(origin).build())
            .build()
            .withMode(switched);
    assertThat(policy.mode()).isEqualTo(switched);
    Settings settings = policy.settingsFor("a.example", 443);
    assertThat(settings == null ? Mode.OFF : settings.mode()).isEqualTo(expected);
  }
}

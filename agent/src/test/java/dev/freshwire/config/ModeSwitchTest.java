package dev.freshwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.policy.Mode;
import dev.freshwire.policy.Settings;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModeSwitchTest {
  @ParameterizedTest(name = "agent {0}, origin {1}: switched to {2}, the origin has {3}")
  @CsvSource({
    "enforce, -,       observe,             OBSERVE",
    "enforce, enforce, observe,             OBSERVE",
    "enforce, observe, enforce,             OBSERVE",
    "enforce, off,     observe,             OFF",
    "enforce, off,     off enforce,         OFF",
    "enforce, observe, off enforce,         OBSERVE",
    "enforce, observe, observe enforce,     OBSERVE",
    "enforce, -,       off observe enforce, ENFORCE",
    "observe, -,       enforce,             ENFORCE",
    "observe, observe, enforce,             OBSERVE",
    "observe, enforce, observe,             OBSERVE",
    "observe, off,     enforce,             OFF",
    "off,     -,       enforce,             ENFORCE",
    "off,     off,     enforce,             OFF",
    "enforce, -,       off,                 OFF"
  })
  void an_origin_keeps_a_mode_of_its_own_where_it_is_more_careful(
      String agent, String origin, String switched, Mode expected) {
    String byName = origin.equals("-") ? "retry.max-attempts=2" : "mode=" + origin;
    Configuration configuration =
        Configuration.load(
            "mode=" + agent + ",host.\"a.example\"." + byName, new Properties(), Map.of());
    String last = "";
    for (String mode : switched.split(" ", -1)) {
      configuration = configuration.withMode(Mode.valueOf(mode.toUpperCase(Locale.ROOT)));
      last = mode;
    }
    assertThat(configuration.policy().mode()).hasToString(last.toUpperCase(Locale.ROOT));
    Settings settings = configuration.policy().settingsFor("a.example", 443);
    assertThat(settings == null ? Mode.OFF : settings.mode()).isEqualTo(expected);
  }
}

package dev.freshwire.config;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.policy.Policy;
import dev.freshwire.policy.Settings;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OptionTest {

  /** The defaults stand twice, so that a start without options has nothing to parse. */
  @ParameterizedTest
  @EnumSource
  void the_default_that_is_shown_is_the_default_that_holds(Option option) {
    if (option.isPerOrigin()) {
      assertThat(SettingsText.value(Settings.defaults(), option)).isEqualTo(option.defaultText());
    }
    if (!option.defaultText().isEmpty()) {
      Configuration configuration =
          Configuration.load(
              null, properties("freshwire." + option.key(), option.defaultText()), Map.of());
      assertThat(SettingsText.of(configuration.policy().everywhere()))
          .isEqualTo(SettingsText.of(Policy.defaults().everywhere()));
      assertThat(configuration.policy().settingsFor("any", 1)).isNotNull();
      assertThat(configuration.fileIntervalMillis()).isEqualTo(1000);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "MODE, FRESHWIRE_MODE",
    "CONNECT_TIMEOUT, FRESHWIRE_CONNECT_TIMEOUT",
    "REUSE_MAX_IDLE, FRESHWIRE_REUSE_MAX_IDLE",
  })
  void an_environment_variable_is_named_after_the_key(Option option, String name) {
    assertThat(option.environmentName()).isEqualTo(name);
  }

  @Test
  void keys_and_environment_names_are_unique() {
    assertThat(Arrays.stream(Option.values()).map(Option::key)).doesNotHaveDuplicates();
    assertThat(Arrays.stream(Option.values()).map(Option::environmentName)).doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @EnumSource
  void an_option_is_found_by_its_key(Option option) {
    assertThat(Option.ofKey(option.key())).isSameAs(option);
    assertThat(Option.ofKey(option.key() + "x")).isNull();
    assertThat(option.key()).matches("[a-z]+([.-][a-z]+)*");
    assertThat(option.meaning()).hasSizeLessThan(160).doesNotContain("|", "\n");
    assertThat(option.expected()).isNotEmpty();
  }

  private static Properties properties(String key, String value) {
    Properties properties = new Properties();
    properties.setProperty(key, value);
    return properties;
  }
}

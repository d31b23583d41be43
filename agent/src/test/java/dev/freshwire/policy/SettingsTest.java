package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTest {

  @Test
  void a_copy_has_every_value_of_the_original() throws Exception {
    Settings changed =
        Settings.builder()
            .mode(Mode.OBSERVE)
            .reuse(ReuseMode.VALIDATED)
            .maxIdleMillis(1)
            .maxAgeMillis(2)
            .maxRequests(3)
            .prewarm(4)
            .prewarmMaxIdleMillis(5)
            .portGuardPercent(6)
            .sessionPersist(true)
            .connectTimeoutMillis(7)
            .readTimeoutMillis(8)
            .callTimeoutMillis(9)
            .maxAttempts(10)
            .backoffMinMillis(11)
            .backoffMaxMillis(12)
            .deadlineMillis(13)
            .methods(List.of("PUT"))
            .statuses(List.of(429))
            .safePaths(List.of(PathGlob.of("/a")))
            .budgetPercent(14)
            .budgetPerSecond(15)
            .unsafeReplay(UnsafeReplay.KEEP)
            .idempotencyKey(IdempotencyKey.TRUST)
            .build();
    Settings copy = changed.toBuilder().build();
    for (Method getter : Settings.class.getDeclaredMethods()) {
      boolean isGetter =
          getter.getParameterCount() == 0
              && Modifier.isPublic(getter.getModifiers())
              && !Modifier.isStatic(getter.getModifiers())
              && !getter.getName().startsWith("is")
              && !getter.getName().equals("toBuilder");
      if (isGetter) {
        assertThat(getter.invoke(copy)).as(getter.getName()).isEqualTo(getter.invoke(changed));
        assertThat(getter.invoke(copy))
            .as("the test changes " + getter.getName())
            .isNotEqualTo(getter.invoke(Settings.defaults()));
      }
    }
  }

  @Test
  void lists_are_copied_and_cannot_be_changed() {
    List<String> methods = new ArrayList<>(List.of("GET"));
    Settings settings = Settings.builder().methods(methods).build();
    methods.add("POST");
    assertThat(settings.methods()).containsExactly("GET");
    assertThatThrownBy(() -> settings.methods().add("POST"))
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void methods_are_compared_as_HTTP_compares_them() {
    Settings settings = Settings.defaults();
    assertThat(settings.retriesMethod("GET")).isTrue();
    assertThat(settings.retriesMethod("HEAD")).isTrue();
    assertThat(settings.retriesMethod("OPTIONS")).isTrue();
    assertThat(settings.retriesMethod("get")).isFalse();
    assertThat(settings.retriesMethod("POST")).isFalse();
    assertThat(settings.retriesMethod("PUT")).isFalse();
    assertThat(settings.retriesMethod("DELETE")).isFalse();
  }

  @Test
  void the_budget_is_unlimited_only_if_it_is_switched_off() {
    assertThat(Settings.defaults().isBudgetUnlimited()).isFalse();
    assertThat(Settings.builder().budgetPercent(0).build().isBudgetUnlimited()).isFalse();
    assertThat(Settings.builder().budgetPercent(Settings.UNLIMITED).build().isBudgetUnlimited())
        .isTrue();
  }
}

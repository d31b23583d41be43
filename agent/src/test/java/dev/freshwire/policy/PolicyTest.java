package dev.freshwire.policy;

import static dev.freshwire.policy.HostPatternTest.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyTest {
  private static final Settings OBSERVE = Settings.builder().mode(Mode.OBSERVE).build();
  private static final Settings OFF = Settings.builder().mode(Mode.OFF).build();

  @Test
  void without_a_word_from_anybody_every_host_is_in_scope() {
    Policy policy = Policy.defaults();
    assertThat(policy.mode()).isEqualTo(Mode.ENFORCE);
    assertThat(policy.settingsFor("anything", 1)).isSameAs(Settings.defaults());
    assertThat(policy.everywhere()).isSameAs(Settings.defaults());
  }

  @Test
  void only_hosts_in_scope_have_settings() {
    Policy policy = Policy.builder().hosts(List.of(pattern("*.supabase.co"))).build();
    assertThat(policy.settingsFor("a.supabase.co", 443)).isNotNull();
    assertThat(policy.settingsFor("example.com", 443)).isNull();
  }

  @Test
  void exclusion_wins_even_over_a_more_specific_inclusion() {
    Policy policy =
        Policy.builder()
            .hosts(List.of(pattern("a.supabase.co"), pattern("*")))
            .excludeHosts(List.of(pattern("*.supabase.co")))
            .build();
    assertThat(policy.settingsFor("a.supabase.co", 443)).isNull();
    assertThat(policy.settingsFor("example.com", 443)).isNotNull();
  }

  @Test
  void the_most_specific_override_holds() {
    Settings suffix = Settings.builder().maxAttempts(5).build();
    Settings exact = Settings.builder().maxAttempts(7).build();
    Policy policy =
        Policy.builder()
            .override(pattern("*.supabase.co"), suffix)
            .override(pattern("a.supabase.co"), exact)
            .build();
    assertThat(policy.settingsFor("A.supabase.co", 443)).isSameAs(exact);
    assertThat(policy.settingsFor("b.supabase.co", 443)).isSameAs(suffix);
    assertThat(policy.settingsFor("example.com", 443)).isSameAs(Settings.defaults());
  }

  @Test
  void an_origin_that_is_off_is_left_alone() {
    Policy policy = Policy.builder().override(pattern("a.com"), OFF).build();
    assertThat(policy.settingsFor("a.com", 443)).isNull();
    assertThat(policy.settingsFor("b.com", 443)).isNotNull();
  }

  @Test
  void an_agent_that_is_off_leaves_everything_alone() {
    Policy policy = Policy.builder().everywhere(OFF).override(pattern("a.com"), OBSERVE).build();
    assertThat(policy.mode()).isEqualTo(Mode.OFF);
    assertThat(policy.settingsFor("a.com", 443)).isNull();
    assertThat(policy.settingsFor("b.com", 443)).isNull();
  }

  @Test
  void no_origin_is_less_careful_than_is_asked_and_nothing_else_changes() {
    Settings special = Settings.builder().maxAttempts(5).build();
    Policy policy =
        Policy.builder()
            .hosts(List.of(pattern("a.com"), pattern("b.com")))
            .excludeHosts(List.of(pattern("b.com")))
            .everywhere(Settings.builder().maxAttempts(4).build())
            .override(pattern("a.com:80"), special)
            .build();
    Policy changed = policy.atLeast(Mode.OBSERVE);
    assertThat(changed.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(changed.settingsFor("a.com", 80))
        .returns(Mode.OBSERVE, Settings::mode)
        .returns(5, Settings::maxAttempts);
    assertThat(changed.settingsFor("a.com", 443))
        .returns(Mode.OBSERVE, Settings::mode)
        .returns(4, Settings::maxAttempts);
    assertThat(changed.settingsFor("b.com", 443)).isNull();
    assertThat(changed.settingsFor("c.com", 443)).isNull();
    assertThat(policy.mode()).isEqualTo(Mode.ENFORCE);
  }

  @Test
  void finding_settings_allocates_nothing() {
    Policy policy =
        Policy.builder()
            .hosts(List.of(pattern("*.supabase.co"), pattern("example.com")))
            .excludeHosts(List.of(pattern("b.supabase.co")))
            .override(pattern("a.supabase.co"), OBSERVE)
            .build();
    int[] found = new int[1];
    long allocated =
        Allocation.of(
            () -> {
              found[0] += policy.settingsFor("A.supabase.co", 443) == null ? 0 : 1;
              found[0] += policy.settingsFor("b.supabase.co", 443) == null ? 0 : 1;
              found[0] += policy.settingsFor("[::1]", 443) == null ? 0 : 1;
            });
    assertThat(allocated).isLessThan(10_000);
    assertThat(found[0]).isEqualTo(200_000);
  }
}

package dev.freshwire.policy;

import static dev.freshwire.policy.HostPatternTest.pattern;
import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostMatcherTest {

  @ParameterizedTest(name = "{0} matches {1} on port {2}")
  @CsvSource({
    "example.com, example.com, 443",
    "example.com, EXAMPLE.com, 0",
    "EXAMPLE.com, example.com, 443",
    "example.com, example.com., 443",
    "example.com:8443, example.com, 8443",
    "*.supabase.co, abc.supabase.co, 443",
    "*.supabase.co, ABC.SUPABASE.CO, 443",
    "*.supabase.co, a.b.supabase.co, 443",
    "*.supabase.co:443, a.b.supabase.co, 443",
    "*.co, supabase.co, 443",
    "*, anything, 1",
    "*, ::1, 1",
    "*, [not an address], 1",
    "*, '', 1",
    "*:8443, anything, 8443",
    "*:8443, ::1, 8443",
    "127.0.0.1, 127.0.0.1, 80",
    "[::1], ::1, 80",
    "[::1], [::1], 80",
    "[::1], 0:0:0:0:0:0:0:1, 80",
    "[0:0:0:0:0:0:0:1], ::1, 80",
    "[::1]:8443, [::1], 8443",
    "[fe80::1], fe80::1%eth0, 80",
    "[2001:DB8::1], 2001:db8::1, 80",
    "bücher.example, xn--bcher-kva.example, 443",
    "bücher.example, XN--BCHER-KVA.example, 443",
    "bücher.example, BÜCHER.example, 443",
    "xn--bcher-kva.example, bücher.example, 443",
    "*.bücher.example, www.bücher.example, 443",
    "*.xn--bcher-kva.example, www.bücher.example., 443",
    "*.example, bücher.example, 443",
  })
  void a_pattern_matches(String pattern, String host, int port) {
    assertThat(matcher(pattern).matches(host, port)).isTrue();
    // And not only because it is alone.
    assertThat(matcher("other.invalid", "*.invalid:1", "[::9]", pattern).find(host, port))
        .isEqualTo(3);
  }

  @ParameterizedTest(name = "{0} does not match {1} on port {2}")
  @CsvSource({
    "example.com, example.org, 443",
    "example.com, www.example.com, 443",
    "example.com, example.comx, 443",
    "example.com, xexample.com, 443",
    "example.com:8443, example.com, 443",
    "example.com:8443, example.com, 0",
    "*.supabase.co, supabase.co, 443",
    "*.supabase.co, .supabase.co, 443",
    "*.supabase.co, evilsupabase.co, 443",
    "*.supabase.co, supabase.co.evil, 443",
    "*.supabase.co:443, a.supabase.co, 444",
    "*:8443, anything, 443",
    "*:8443, ::1, 443",
    "[::1], ::2, 80",
    "[::1], 1::, 80",
    "[::1]:8443, ::1, 80",
    "[::1], 127.0.0.1, 80",
    "[::1], [::x], 80",
    "bücher.example, bucher.example, 443",
    "a, '', 443",
  })
  void a_pattern_does_not_match(String pattern, String host, int port) {
    assertThat(matcher(pattern).matches(host, port)).isFalse();
    assertThat(matcher(pattern).find(host, port)).isEqualTo(HostMatcher.NONE);
  }

  @Test
  void a_name_without_an_ascii_form_is_matched_by_star_only() {
    String tooLong = "ü".repeat(64) + ".example";
    assertThat(matcher("*.example", "*:2").matches(tooLong, 1)).isFalse();
    assertThat(matcher("*.example", "*").find(tooLong, 1)).isEqualTo(1);
    assertThat(matcher("*.example", "*:1").find(tooLong, 1)).isEqualTo(1);
  }

  @Test
  void nothing_matches_nothing_and_star_matches_everything() {
    assertThat(HostMatcher.empty().find("a", 1)).isEqualTo(HostMatcher.NONE);
    assertThat(HostMatcher.of(List.of())).isSameAs(HostMatcher.empty());
    assertThat(HostMatcher.any().find("a", 1)).isZero();
  }

  @Test
  void the_host_counts_before_the_port_and_the_port_before_none() {
    HostMatcher matcher =
        matcher("*", "*:80", "*.co", "*.co:80", "*.a.co", "*.a.co:80", "x.a.co", "x.a.co:80");
    assertThat(matcher.find("x.a.co", 80)).isEqualTo(7);
    assertThat(matcher.find("x.a.co", 81)).isEqualTo(6);
    assertThat(matcher.find("y.a.co", 80)).isEqualTo(5);
    assertThat(matcher.find("y.a.co", 81)).isEqualTo(4);
    assertThat(matcher.find("a.co", 80)).isEqualTo(3);
    assertThat(matcher.find("a.co", 81)).isEqualTo(2);
    assertThat(matcher.find("co", 80)).isEqualTo(1);
    assertThat(matcher.find("co", 81)).isEqualTo(0);
    assertThat(matcher("*.a.co:80", "x.a.co").find("x.a.co", 80)).isEqualTo(1);
    assertThat(matcher("*.a.co", "*:80").find("x.a.co", 80)).isEqualTo(0);
    assertThat(matcher("*", "*:80", "[::1]", "[::1]:80").find("::1", 80)).isEqualTo(3);
    assertThat(matcher("*", "*:80", "[::1]:81").find("::1", 80)).isEqualTo(1);
  }

  @Test
  void of_equal_patterns_the_first_is_found() {
    assertThat(matcher("a.com", "A.com", "b.com").find("a.com", 1)).isEqualTo(0);
    assertThat(matcher("b.com", "*", "*").find("a.com", 1)).isEqualTo(1);
    assertThat(matcher("[::1]", "[0::1]").find("::1", 1)).isEqualTo(0);
  }

  @Test
  void random_hosts_are_found_as_a_linear_search_finds_them() {
    Random random = new Random(4);
    for (int round = 0; round < 300; round++) {
      List<HostPattern> patterns = new ArrayList<>();
      for (int i = random.nextInt(40); i >= 0; i--) {
        String port = random.nextInt(3) == 0 ? ":" + (1 + random.nextInt(3)) : "";
        String host = random.nextInt(20) == 0 ? "*" : name(random);
        patterns.add(
            pattern((random.nextBoolean() && !host.equals("*") ? "*." : "") + host + port));
      }
      HostMatcher matcher = HostMatcher.of(patterns);
      for (int i = 0; i < 200; i++) {
        String host = name(random);
        int port = random.nextInt(4);
        assertThat(matcher.find(host, port))
            .as("%s:%d in %s", host, port, patterns)
            .isEqualTo(linear(patterns, host, port));
      }
    }
  }

  @Test
  void a_look_up_among_ten_thousand_patterns_allocates_nothing() {
    HostMatcher matcher = tenThousand();
    assertThat(matcher.find("h9999.project.SUPABASE.co", 443)).isGreaterThanOrEqualTo(0);
    int[] found = new int[1];
    long allocated =
        Allocation.of(
            () -> {
              found[0] += matcher.find("h77.project.SUPABASE.co", 443);
              found[0] += matcher.find("x.y.z.h4711.example.com", 443);
              found[0] += matcher.find("nowhere.example.org", 443);
              found[0] += matcher.find("[2001:db8::1]", 443);
            });
    assertThat(allocated).isLessThan(10_000);
  }

  /** What makes the time of a look-up independent of the number of patterns. */
  @Test
  void probes_stay_few_among_ten_thousand_similar_patterns() throws Exception {
    Field field = HostMatcher.class.getDeclaredField("table");
    field.setAccessible(true);
    int[] table = (int[]) field.get(tenThousand());
    int longest = 0;
    int run = 0;
    for (int entry : table) {
      run = entry == 0 ? 0 : run + 1;
      longest = Math.max(longest, run);
    }
    assertThat(table.length).isLessThan(50_000);
    assertThat(longest).isBetween(1, 40);
  }

  private static HostMatcher tenThousand() {
    List<HostPattern> patterns = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      patterns.add(pattern("h" + i + ".project.supabase.co"));
      patterns.add(pattern("*.h" + i + ".example.com:443"));
    }
    patterns.add(pattern("h9999.project.supabase.co"));
    patterns.add(pattern("[2001:db8::1]"));
    return HostMatcher.of(patterns);
  }

  private static String name(Random random) {
    StringBuilder name = new StringBuilder();
    for (int labels = random.nextInt(4); labels >= 0; labels--) {
      name.append((char) ('a' + random.nextInt(3))).append(labels == 0 ? "" : ".");
    }
    return name.toString();
  }

  private static int linear(List<HostPattern> patterns, String host, int port) {
    int best = HostMatcher.NONE;
    int bestRank = -1;
    for (int i = 0; i < patterns.size(); i++) {
      HostPattern pattern = patterns.get(i);
      String text = pattern.withPort(0).toString();
      boolean matches =
          text.equals("*")
              || (text.startsWith("*.") ? host.endsWith(text.substring(1)) : host.equals(text));
      if (matches && (pattern.port() == 0 || pattern.port() == port)) {
        int length = text.startsWith("*") ? text.length() : 1000;
        int rank = length * 2 + (pattern.port() == 0 ? 0 : 1);
        if (rank > bestRank) {
          bestRank = rank;
          best = i;
        }
      }
    }
    return best;
  }

  private static HostMatcher matcher(String... patterns) {
    return HostMatcher.of(Arrays.stream(patterns).map(HostPatternTest::pattern).toList());
  }
}

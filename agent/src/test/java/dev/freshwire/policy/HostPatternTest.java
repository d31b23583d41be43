package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HostPatternTest {

  @ParameterizedTest(name = "{0} is written {1}")
  @CsvSource({
    "example.com, example.com",
    "Example.COM, example.com",
    "example.com., example.com",
    "example.com:8443, example.com:8443",
    "a:1, a:1",
    "a:65535, a:65535",
    "*.supabase.co, *.supabase.co",
    "*.SUPABASE.co:443, *.supabase.co:443",
    "*, *",
    "*:8080, *:8080",
    "127.0.0.1, 127.0.0.1",
    "db_1-a.local, db_1-a.local",
    "[::1], [::1]",
    "[2001:DB8::1]:8443, [2001:db8::1]:8443",
    "bücher.example, xn--bcher-kva.example",
    "*.BÜCHER.example, *.xn--bcher-kva.example",
    "z0.9a, z0.9a",
  })
  void a_pattern_has_one_spelling(String text, String spelling) {
    assertThat(pattern(text)).hasToString(spelling);
  }

  @ParameterizedTest(name = "\"{0}\" is no pattern")
  @ValueSource(
      strings = {
        "",
        " ",
        ".",
        "..",
        "a..b",
        ".a",
        "*.",
        "*a",
        "a.*",
        "a.*.b",
        "**",
        "*.*",
        "*.*.a",
        "http://a",
        "https://a.supabase.co/",
        "a/b",
        "a b",
        "a@b",
        "a,b",
        "\"a\"",
        "a?b",
        "a`",
        "a{",
        ":80",
        "a:",
        "a:0",
        "a:65536",
        "a:99999",
        "a:999999999999",
        "a:-1",
        "a:8o",
        "a:80:90",
        "*:",
        "*:x",
        "::1",
        "[::1",
        "[]",
        "[::1]x",
        "[::1]:",
        "[::1]:0",
        "[::1]80",
        "[1.2.3.4]",
        "[g::]",
        "\u0000",
        "\ud800",
        "a\u2028b"
      })
  void what_no_resolver_could_be_asked_for_is_no_pattern(String text) {
    assertThat(HostPattern.of(text)).isNull();
  }

  @Test
  void equal_patterns_are_equal_values() {
    assertThat(pattern("A.com:80")).isEqualTo(pattern("a.com:80"));
    assertThat(pattern("a.com")).isNotEqualTo(pattern("a.com:80"));
    assertThat(pattern("a.com")).isNotEqualTo(pattern("*.a.com"));
    assertThat(pattern("a.com")).isNotEqualTo(pattern("b.com"));
    assertThat(pattern("a.com")).isNotEqualTo("a.com");
    assertThat(pattern("*")).isSameAs(HostPattern.ANY);
  }

  @Test
  void hash_codes_tell_ports_and_wildcards_apart() {
    assertThat(pattern("a.com").hashCode())
        .isEqualTo(pattern("A.com").hashCode())
        .isNotEqualTo(pattern("a.com:80").hashCode())
        .isNotEqualTo(pattern("*.a.com").hashCode())
        .isNotEqualTo(pattern("b.com").hashCode());
  }

  @ParameterizedTest(name = "above {0} is {1}")
  @CsvSource(
      nullValues = "nothing",
      value = {
        "a.b.c, *.b.c",
        "*.b.c, *.c",
        "*.c, *",
        "c, *",
        "*, nothing",
        "a.b:80, *.b:80",
        "*:80, nothing",
        "[::1], *",
      })
  void the_next_less_specific_pattern_is_the_parent_domain(String text, String parent) {
    HostPattern above = pattern(text).parent();
    assertThat(above == null ? null : above.toString()).isEqualTo(parent);
  }

  @Test
  void a_pattern_can_be_had_for_another_port() {
    assertThat(pattern("*.a.com").withPort(80)).isEqualTo(pattern("*.a.com:80"));
    assertThat(pattern("[::1]:80").withPort(0)).isEqualTo(pattern("[::1]"));
  }

  static HostPattern pattern(String text) {
    return Objects.requireNonNull(HostPattern.of(text), text);
  }
}

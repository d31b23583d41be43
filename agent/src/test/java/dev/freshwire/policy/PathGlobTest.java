package dev.freshwire.policy;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PathGlobTest {

  @ParameterizedTest(name = "{0} matches {1}")
  @CsvSource({
    "/rest/v1/rpc/get_*, /rest/v1/rpc/get_users",
    "/rest/v1/rpc/get_*, /rest/v1/rpc/get_",
    "/rest/v1/rpc/get_*, /rest/v1/rpc/get_users?id=eq.1",
    "/rest/v1/rpc/get_*, /rest/v1/rpc/get_users?a=../b//c%20",
    "/a, /a",
    "/a, /a?",
    "/*, /",
    "/*/b, /x/b",
    "/**, /a/b/c",
    "/a/**/z, /a/b/c/z",
    "/a/**/z, /a//z",
    "/**/get_*, /x/y/get_z",
    "/a*b*c, /aXbYbc",
    "/**a*b, /x/a/ab",
    "/*.json, /a.json",
    "/**, /a.b/.c",
  })
  void matches(String pattern, String target) {
    // Two slashes side by side are refused, so that row shows the other half.
    boolean plain = !target.replaceAll("\\?.*", "").contains("//");
    assertThat(PathGlob.of(pattern).matches(target)).isEqualTo(plain);
  }

  @ParameterizedTest(name = "{0} does not match {1}")
  @CsvSource({
    "/rest/v1/rpc/get_*, /rest/v1/rpc/delete_users",
    "/rest/v1/rpc/get_*, /rest/v1/rpc/get_users/delete",
    "/rest/v1/rpc/get_*, /REST/v1/rpc/get_users",
    "/rest/v1/rpc/get_*, /rest/v1/rpc/get",
    "/rest/v1/rpc/get_*, /x/rest/v1/rpc/get_users",
    "/rest/v1/rpc/get_*, /rest/v1/rpc/get_/../delete_users",
    "/rest/**, /rest/../auth/v1/logout",
    "/rest/**, /rest/%2e%2e/auth",
    "/rest/**, /rest//x",
    "/rest/**, /rest/a..",
    "/rest/**, /rest/...",
    "/rest/**, /rest/a;b",
    "/rest/**, '/rest/a\\b'",
    "/rest/**, '/rest/a b'",
    "/rest/**, /rest/ü",
    "/rest/**, ''",
    "/a, /ab",
    "/ab, /a",
    "/*/b, /x/y/b",
    "/*b, /a",
    "/a**, /b",
  })
  void does_not_match(String pattern, String target) {
    assertThat(PathGlob.of(pattern).matches(target)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/ ", "/\u007f", "/\t"})
  void a_path_with_a_control_character_matches_nothing(String path) {
    assertThat(PathGlob.of("/**").matches(path)).isFalse();
    assertThat(PathGlob.of("/**").matches("/!~")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "*", "/a?b", "/a//b", "/a/../b", "/a%20", "/a b", "/a;b", "/ü"})
  void a_pattern_that_could_never_match_is_invalid(String pattern) {
    assertThat(PathGlob.isValid(pattern)).isFalse();
    assertThatThrownBy(() -> PathGlob.of(pattern)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void random_paths_match_as_a_regular_expression_matches() {
    Random random = new Random(5);
    for (int i = 0; i < 200_000; i++) {
      String pattern = "/" + text(random, "ab/*");
      String path = "/" + text(random, "ab/");
      if (PathGlob.isValid(pattern) && PathGlob.isValid(path)) {
        String regex =
            pattern.replace("**", "\u0000").replace("*", "[^/]*").replace("\u0000", ".*");
        assertThat(PathGlob.of(pattern).matches(path))
            .as("%s %s", pattern, path)
            .isEqualTo(Pattern.matches(regex, path));
      }
    }
  }

  @Test
  @Timeout(value = 10, unit = SECONDS)
  void many_stars_take_no_exponential_time() {
    PathGlob glob = PathGlob.of("/" + "*a".repeat(40) + "/" + "**a".repeat(40) + "b");
    assertThat(glob.matches("/" + "a".repeat(2000) + "/" + "a".repeat(2000))).isFalse();
  }

  @Test
  void it_is_shown_as_it_was_written() {
    assertThat(PathGlob.of("/a/*")).hasToString("/a/*");
  }

  private static String text(Random random, String alphabet) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(7); i > 0; i--) {
      text.append(alphabet.charAt(random.nextInt(alphabet.length())));
    }
    return text.toString();
  }
}

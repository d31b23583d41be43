package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginTest {

  @ParameterizedTest(name = "{0} port {1} is {2}")
  @CsvSource({
    "example.com, 443, example.com:443",
    "EXAMPLE.Com, 443, example.com:443",
    "example.com., 443, example.com:443",
    "example.com, 0, example.com",
    "127.0.0.1, 80, 127.0.0.1:80",
    "[::1], 8080, [::1]:8080",
    "::1, 8080, [::1]:8080",
    "FE80::1%eth0, 80, [fe80::1]:80",
    "[fe80::1%25eth0], 80, [fe80::1]:80",
    "BÜCHER.example, 443, xn--bcher-kva.example:443",
    "., 1, .:1",
    "[, 1, :1",
  })
  void spellings_of_one_server_are_one_origin(String host, int port, String text) {
    assertThat(Origin.of(host, port)).hasToString(text);
  }

  @Test
  void a_name_that_cannot_exist_stays_as_it_is() {
    String tooLong = "ü".repeat(64) + ".example";
    assertThat(Origin.of(tooLong, 1).host()).isEqualTo(tooLong);
  }

  @Test
  void an_origin_is_a_value() {
    Origin origin = Origin.of("A.com", 80);
    assertThat(origin).isEqualTo(Origin.of("a.com", 80)).hasSameHashCodeAs(Origin.of("a.com", 80));
    assertThat(origin.host()).isEqualTo("a.com");
    assertThat(origin.port()).isEqualTo(80);
    assertThat(origin).isNotEqualTo(Origin.of("a.com", 81)).isNotEqualTo(Origin.of("b.com", 80));
    assertThat(origin).isNotEqualTo("a.com:80").isNotEqualTo(null);
    assertThat(origin.hashCode()).isNotEqualTo(Origin.of("a.com", 81).hashCode());
    assertThat(origin.hashCode()).isNotEqualTo(Origin.of("b.com", 80).hashCode());
  }

  @Test
  void a_canonical_host_is_not_copied() {
    String host = "abc.supabase.co";
    assertThat(Origin.of(host, 443).host()).isSameAs(host);
  }
}

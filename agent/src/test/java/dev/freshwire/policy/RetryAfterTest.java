package dev.freshwire.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {
  private static final long NOW = Instant.parse("2026-11-23T12:00:00Z").toEpochMilli();

  @ParameterizedTest(name = "{0} is {1} ms")
  @CsvSource({
    "0, 0",
    "1, 1000",
    "' 30 ', 30000",
    "007, 7000",
    "120, 120000",
    "999999999999999, 999999999999999000",
  })
  void seconds(String header, long millis) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(millis);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000000000000000", "9999999999999999999999999999"})
  void more_seconds_than_there_are_is_too_long_and_not_negative(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isGreaterThan(RetryAfter.MAX_MILLIS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Mon, 23 Nov 2026 12:00:05 GMT",
        "Monday, 23-Nov-26 12:00:05 GMT",
        "Mon Nov 23 12:00:05 2026",
      })
  void the_three_formats_of_a_date(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(5_000);
    assertThat(RetryAfter.parse(header, NOW + 5_001)).isZero();
  }

  @ParameterizedTest(name = "{0} is {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "Tue, 24 Nov 2026 12:00:00 GMT | 2026-11-24T12:00:00Z",
        "Thu, 31 Dec 2026 23:59:60 GMT | 2027-01-01T00:00:00Z",
        "Tue, 29 Feb 2028 00:00:00 GMT | 2028-02-29T00:00:00Z",
        "Wed, 01 Mar 2028 00:00:00 GMT | 2028-03-01T00:00:00Z",
        "Mon, 01 Mar 2100 00:00:00 GMT | 2100-03-01T00:00:00Z",
        "Fri, 31 Dec 9999 23:59:59 GMT | 9999-12-31T23:59:59Z",
        "Thursday, 01-Jan-76 00:00:00 GMT | 2076-01-01T00:00:00Z",
        "Wed Dec  2 08:09:10 2026 | 2026-12-02T08:09:10Z",
        "Wed Dec 02 08:09:10 2026 | 2026-12-02T08:09:10Z",
      })
  void dates(String header, Instant date) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(date.toEpochMilli() - NOW);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
        "Friday, 01-Jan-77 00:00:00 GMT",
        "Thu, 01 Jan 1970 00:00:00 GMT",
      })
  void a_date_that_has_passed_is_no_wait(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isZero();
  }

  @Test
  void two_digits_of_a_year_are_the_nearest_such_year() {
    long end = Instant.parse("2099-12-31T23:59:50Z").toEpochMilli();
    assertThat(RetryAfter.parse("Friday, 01-Jan-00 00:00:00 GMT", end)).isEqualTo(10_000);
    long middle = Instant.parse("2099-06-01T00:00:00Z").toEpochMilli();
    assertThat(RetryAfter.parse("Friday, 01-Jan-00 00:00:00 GMT", middle))
        .isEqualTo(end + 10_000 - middle);
    long begin = Instant.parse("2100-01-01T00:00:01Z").toEpochMilli();
    assertThat(RetryAfter.parse("Thursday, 31-Dec-99 23:59:59 GMT", begin)).isZero();
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "   ",
        "-1",
        "+1",
        "1.5",
        "1s",
        "1,2",
        "1000000000000000x",
        "1000000000000000/",
        "soon",
        "Mon, 23 Nov 2026 12:00:05 CET",
        "Mon, 23 Nov 2026 12:00:05",
        "Mon, 23 Nov 2026 24:00:05 GMT",
        "Mon, 23 Nov 2026 12:60:05 GMT",
        "Mon, 23 Nov 2026 12:00:61 GMT",
        "Mon, 32 Nov 2026 12:00:05 GMT",
        "Mon, 00 Nov 2026 12:00:05 GMT",
        "Mon, 23 Foo 2026 12:00:05 GMT",
        "Mon, 23 ovD 2026 12:00:05 GMT",
        "Mon, 23 Nov 1969 12:00:05 GMT",
        "Mon, xx Nov 2026 12:00:05 GMT",
        "Mon, 23 Nov 2O26 12:00:05 GMT",
        "Mon, 23 Nov 2026 12.00:05 GMT",
        "Mon, 23 Nov 2026 12:00.05 GMT",
        "Mon, 23 Nov 2026 -1:00:05 GMT",
        "Mon, 23 Nov 2026 12:-1:05 GMT",
        "Mon, 23 Nov 2026 12:00:-5 GMT",
        "Mon, 3 Nov 2026 12:00:05 GMT",
        "Mon, 23  Nov 2026 12:00:05 GMT",
        "Monday, 23-Nov-2026 12:00:05 GMT",
        "Monday, 23-Nov-xx 12:00:05 GMT",
        "Monday, 23-Nov-2 12:00:05 GMT",
        "Monday, 23/Nov/26 12:00:05 GMT",
        "Mon Nov 23 12:00:05 26",
        "Mon Nov 23 12:00:05 20266",
        "Mon Nov xx 12:00:05 2026",
        "Mon Nov 23 12:00:05 202x",
        ",",
        ", GMT",
        ",  GMT",
        ",    GMT",
        "Mon,",
        "Mon, 2",
        "Mon, 23 GMT",
      })
  void nonsense_means_nothing(String header) {
    assertThat(RetryAfter.parse(header, NOW)).isEqualTo(RetryAfter.NONE);
  }

  @Test
  void random_dates_are_read_as_the_platform_writes_them() {
    Random random = new Random(3);
    for (int i = 0; i < 20_000; i++) {
      long seconds = NOW / 1000 + random.nextInt(1_000_000_000);
      ZonedDateTime date = Instant.ofEpochSecond(seconds).atZone(ZoneOffset.UTC);
      for (String format :
          new String[] {"EEE, dd MMM yyyy HH:mm:ss 'GMT'", "EEE MMM ppd HH:mm:ss yyyy"}) {
        String header = DateTimeFormatter.ofPattern(format, Locale.ROOT).format(date);
        assertThat(RetryAfter.parse(header, NOW)).as(header).isEqualTo(seconds * 1000 - NOW);
      }
    }
  }

  @Test
  void random_text_never_throws() {
    Random random = new Random(8);
    String alphabet = "0123456789 ,:-GMTNovSun";
    for (int i = 0; i < 200_000; i++) {
      StringBuilder header = new StringBuilder(random.nextBoolean() ? "Sun, " : "");
      for (int n = random.nextInt(30); n > 0; n--) {
        header.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      if (random.nextBoolean()) {
        header.append(" GMT");
      }
      assertThat(RetryAfter.parse(header.toString(), NOW)).isGreaterThanOrEqualTo(RetryAfter.NONE);
    }
  }
}

package dev.freshwire.policy;

import org.jspecify.annotations.Nullable;

/**
 * The {@code Retry-After} header: seconds, or a date in one of the three formats of RFC 9110,
 * 5.6.7. Pure functions.
 */
public final class RetryAfter {
  /** No header, or one that means nothing: back off as usual. */
  public static final long NONE = -1;

  /**
   * The longest wait that is made on a server's behalf. A response that asks for more is passed to
   * the application: to wait less would be an attempt that the server has announced to refuse.
   */
  public static final long MAX_MILLIS = 30_000;

  private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";
  private static final long MILLIS_PER_DAY = 86_400_000L;
  private static final int MAX_DIGITS = 15; // more seconds than that are still "too long"

  private RetryAfter() {}

  /**
   * How many milliseconds the server asks to wait from {@code nowMillis} on, which is wall-clock
   * time; 0 for a date that has passed, {@link #NONE} for nonsense. May exceed {@link #MAX_MILLIS}.
   */
  public static long parse(@Nullable String header, long nowMillis) {
    if (header == null) {
      return NONE;
    }
    String value = header.trim();
    if (value.isEmpty()) {
      return NONE;
    }
    char first = value.charAt(0);
    if (first >= '0' && first <= '9') {
      long seconds = number(value, 0, value.length());
      return seconds < 0 ? NONE : seconds * 1000;
    }
    long date = date(value, nowMillis);
    return date < 0 ? NONE : Math.max(0, date - nowMillis);
  }

  /** Milliseconds since 1970, or -1. */
  private static long date(String value, long nowMillis) {
    int comma = value.indexOf(',');
    if (comma < 0) {
      // asctime: Sun Nov  6 08:49:37 1994
      return value.length() == 24
          ? instant(
              number(value, 20, 24),
              month(value, 4),
              number(value, value.charAt(8) == ' ' ? 9 : 8, 10),
              value,
              11)
          : -1;
    }
    int day = comma + 2;
    if (!value.endsWith(" GMT") || day + 2 >= value.length()) {
      return -1;
    }
    if (value.charAt(day + 2) == ' ' && value.length() == day + 24) {
      // IMF-fixdate: Sun, 06 Nov 1994 08:49:37 GMT
      return instant(
          number(value, day + 7, day + 11),
          month(value, day + 3),
          number(value, day, day + 2),
          value,
          day + 12);
    }
    if (value.charAt(day + 2) == '-' && value.length() == day + 22) {
      // RFC 850: Sunday, 06-Nov-94 08:49:37 GMT
      return instant(
          century(number(value, day + 7, day + 9), nowMillis),
          month(value, day + 3),
          number(value, day, day + 2),
          value,
          day + 10);
    }
    return -1;
  }

  /**
   * A year of two digits that seems more than 50 years ahead is the most recent one of the past.
   */
  private static long century(long twoDigits, long nowMillis) {
    if (twoDigits < 0) {
      return -1;
    }
    long thisYear = 1970 + (long) (nowMillis / (365.2425 * MILLIS_PER_DAY));
    long year = thisYear - thisYear % 100 + twoDigits;
    if (year > thisYear + 50) {
      return year - 100;
    }
    return year < thisYear - 50 ? year + 100 : year;
  }

  private static long instant(long year, int month, long day, String text, int time) {
    long hours = number(text, time, time + 2);
    long minutes = number(text, time + 3, time + 5);
    long seconds = number(text, time + 6, time + 8);
    boolean valid =
        year >= 1970
            && month > 0
            && day >= 1
            && day <= 31
            && hours >= 0
            && hours < 24
            && minutes >= 0
            && minutes < 60
            && seconds >= 0
            && seconds <= 60 // a leap second
            && text.charAt(time + 2) == ':'
            && text.charAt(time + 5) == ':';
    if (!valid) {
      return -1;
    }
    return days(year, month, day) * MILLIS_PER_DAY + ((hours * 60 + minutes) * 60 + seconds) * 1000;
  }

  /** Days since 1970-01-01, with years that begin in March so that the leap day is the last. */
  private static long days(long year, int month, long day) {
    long y = month > 2 ? year : year - 1;
    long monthFromMarch = (month + 9L) % 12;
    return 365 * y + y / 4 - y / 100 + y / 400 + (153 * monthFromMarch + 2) / 5 + day - 719_469;
  }

  private static int month(String text, int start) {
    int at = MONTHS.indexOf(text.substring(start, start + 3));
    return at >= 0 && at % 3 == 0 ? at / 3 + 1 : -1;
  }

  /** The decimal number in a part of the text, or -1 if there is anything else in it. */
  private static long number(String text, int start, int end) {
    if (end - start > MAX_DIGITS) {
      return allDigits(text, start, end) ? Long.MAX_VALUE / 1000 : -1;
    }
    long number = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number;
  }

  private static boolean allDigits(String text, int start, int end) {
    for (int i = start; i < end; i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }
}

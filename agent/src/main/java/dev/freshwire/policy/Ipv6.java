package dev.freshwire.policy;

/**
 * IPv6 literals as two longs, so that {@code ::1} and {@code 0:0:0:0:0:0:0:1} are the same host.
 * Parsing allocates nothing: the two halves are two calls.
 */
final class Ipv6 {
  private static final int GROUPS = 8;
  private static final int HIGH = 0;
  private static final int LOW = 1;
  private static final int VALID = 2;

  private Ipv6() {}

  /** Whether the characters are an IPv6 address: no brackets, no zone. */
  static boolean isValid(String text, int start, int end) {
    return parse(text, start, end, VALID) == 1;
  }

  static long high(String text, int start, int end) {
    return parse(text, start, end, HIGH);
  }

  static long low(String text, int start, int end) {
    return parse(text, start, end, LOW);
  }

  /** The asked half of a valid address; for {@link #VALID} 1 or 0. */
  private static long parse(String text, int start, int end, int asked) {
    long high = 0;
    long low = 0;
    int groups = 0;
    long headHigh = 0;
    long headLow = 0;
    int headGroups = -1; // the groups before "::", once it was seen
    int at = start;
    if (end - start >= 2 && text.charAt(start) == ':' && text.charAt(start + 1) == ':') {
      headGroups = 0;
      at = start + 2;
    }
    while (at < end) {
      int stop = at;
      int group = 0;
      while (stop < end && hex(text.charAt(stop)) >= 0 && stop - at < 4) {
        group = (group << 4) | hex(text.charAt(stop++));
      }
      if (stop < end && text.charAt(stop) == '.') {
        long tail = ipv4(text, at, end);
        if (tail < 0) {
          return 0;
        }
        high = (high << 32) | (low >>> 32);
        low = (low << 32) | tail;
        groups += 2;
        break;
      }
      if (stop == at) {
        return 0;
      }
      high = (high << 16) | (low >>> 48);
      low = (low << 16) | group;
      if (++groups > GROUPS) {
        return 0;
      }
      if (stop == end) {
        break;
      }
      if (text.charAt(stop) != ':' || stop + 1 == end) {
        return 0;
      }
      at = stop + 1;
      if (text.charAt(at) == ':') {
        if (headGroups >= 0) {
          return 0;
        }
        headGroups = groups;
        headHigh = high;
        headLow = low;
        high = 0;
        low = 0;
        groups = 0;
        at++;
      }
    }
    if (headGroups < 0) {
      return groups != GROUPS ? 0 : asked == VALID ? 1 : asked == HIGH ? high : low;
    }
    if (headGroups + groups >= GROUPS) {
      return 0;
    }
    for (int i = headGroups; i < GROUPS; i++) {
      headHigh = (headHigh << 16) | (headLow >>> 48);
      headLow <<= 16;
    }
    return asked == VALID ? 1 : asked == HIGH ? headHigh | high : headLow | low;
  }

  /** Four decimal numbers with dots between them, or -1. */
  private static long ipv4(String text, int start, int end) {
    long address = 0;
    int numbers = 0;
    int at = start;
    while (at < end) {
      int number = 0;
      int from = at;
      while (at < end && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - from < 3) {
        number = number * 10 + text.charAt(at++) - '0';
      }
      if (at == from || number > 255) {
        return -1;
      }
      address = (address << 8) | number;
      numbers++;
      if (at == end) {
        return numbers == 4 ? address : -1;
      }
      if (text.charAt(at++) != '.') {
        return -1;
      }
    }
    return -1;
  }

  private static int hex(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    char lower = HostNames.lower(c);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
  }
}

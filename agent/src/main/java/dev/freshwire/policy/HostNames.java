package dev.freshwire.policy;

import java.net.IDN;

/** The one spelling of a host name that two spellings of the same host have in common. */
final class HostNames {
  private HostNames() {}

  /**
   * Lower case, ASCII, no trailing dot, no brackets, no zone; as it was if it already is all that.
   */
  static String normalize(String host) {
    int start = start(host);
    int end = end(host);
    boolean canonical = start == 0 && end == host.length();
    for (int i = start; i < end; i++) {
      char c = host.charAt(i);
      if (c >= 0x80) {
        return international(host);
      }
      canonical &= c < 'A' || c > 'Z';
    }
    return canonical ? host : lower(host, start, end);
  }

  /** Where the name begins: behind the bracket of an IPv6 literal. */
  static int start(String host) {
    return !host.isEmpty() && host.charAt(0) == '[' ? 1 : 0;
  }

  /** Where the name ends: before the bracket, the zone or the trailing dot. */
  static int end(String host) {
    int end = host.length();
    if (host.indexOf(':') >= 0) {
      int zone = host.indexOf('%');
      if (zone >= 0) {
        return zone;
      }
      return host.charAt(end - 1) == ']' ? end - 1 : end;
    }
    return end > 1 && host.charAt(end - 1) == '.' ? end - 1 : end;
  }

  static char lower(char c) {
    return c >= 'A' && c <= 'Z' ? (char) (c + 32) : c;
  }

  /** The ASCII form of an international name, or the name itself if it has none. */
  static String international(String host) {
    try {
      String ascii = IDN.toASCII(host, IDN.ALLOW_UNASSIGNED);
      return lower(ascii, 0, end(ascii));
    } catch (IllegalArgumentException noSuchName) {
      return host;
    }
  }

  /** Not {@code String.toLowerCase}: that depends on more than ASCII. */
  private static String lower(String host, int start, int end) {
    char[] chars = new char[end - start];
    for (int i = start; i < end; i++) {
      chars[i - start] = lower(host.charAt(i));
    }
    return new String(chars);
  }
}

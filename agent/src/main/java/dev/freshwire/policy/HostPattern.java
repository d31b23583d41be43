package dev.freshwire.policy;

import org.jspecify.annotations.Nullable;

/**
 * One pattern over origins: {@code host}, {@code *.suffix}, {@code *}, an IPv6 literal in brackets,
 * and each of them with {@code :port}. An immutable value.
 *
 * <p>{@code *.supabase.co} matches {@code a.supabase.co} and {@code a.b.supabase.co}, but not
 * {@code supabase.co} itself: as in certificates and in DNS, the apex is another name, to be listed
 * if it is meant. Case does not matter, and an international name matches in both of its spellings.
 */
public final class HostPattern {
  /** What {@link #of} accepts, for error messages. */
  public static final String EXPECTED = "host, *.suffix, *, [ipv6], each optionally with :port";

  /** Everything. */
  public static final HostPattern ANY = new HostPattern("", true, 0, false);

  private final String name; // of a suffix pattern: what follows "*."
  private final boolean wildcard;
  private final int port;
  private final boolean ipv6;

  private HostPattern(String name, boolean wildcard, int port, boolean ipv6) {
    this.name = name;
    this.wildcard = wildcard;
    this.port = port;
    this.ipv6 = ipv6;
  }

  /** The pattern that {@code text} spells, or null if it spells none. */
  public static @Nullable HostPattern of(String text) {
    if (text.isEmpty()) {
      return null;
    }
    if (text.charAt(0) == '[') {
      return ipv6(text);
    }
    int colon = text.indexOf(':');
    int port = colon < 0 ? 0 : port(text, colon + 1);
    if (port < 0) {
      return null;
    }
    String host = colon < 0 ? text : text.substring(0, colon);
    if (host.equals("*")) {
      return port == 0 ? ANY : new HostPattern("", true, port, false);
    }
    boolean wildcard = host.startsWith("*.");
    String name = HostNames.normalize(wildcard ? host.substring(2) : host);
    return isName(name) ? new HostPattern(name, wildcard, port, false) : null;
  }

  /** The pattern that matches all of {@code name}'s parent domain, or null above the top level. */
  public @Nullable HostPattern parent() {
    if (isAny()) {
      return null;
    }
    int dot = ipv6 ? -1 : name.indexOf('.');
    return new HostPattern(dot < 0 ? "" : name.substring(dot + 1), true, port, false);
  }

  /** The same pattern for one port; 0 for all ports. */
  public HostPattern withPort(int newPort) {
    return new HostPattern(name, wildcard, newPort, ipv6);
  }

  /** The host name, or the suffix behind {@code *.}, or empty for {@code *}; normalised. */
  String name() {
    return name;
  }

  boolean isWildcard() {
    return wildcard;
  }

  boolean isIpv6() {
    return ipv6;
  }

  /** Whether this matches every host, though perhaps on one port only. */
  boolean isAny() {
    return wildcard && name.isEmpty();
  }

  /** The port that it is limited to, or 0. */
  public int port() {
    return port;
  }

  private static @Nullable HostPattern ipv6(String text) {
    int close = text.indexOf(']');
    if (close < 0 || !Ipv6.isValid(text, 1, close)) {
      return null;
    }
    int port = 0;
    if (close + 1 < text.length()) {
      port = text.charAt(close + 1) == ':' ? port(text, close + 2) : -1;
    }
    return port < 0
        ? null
        : new HostPattern(HostNames.normalize(text.substring(0, close + 1)), false, port, true);
  }

  private static int port(String text, int start) {
    int port = 0;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9' || port > 6553) {
        return -1;
      }
      port = port * 10 + c - '0';
    }
    return port > 65535 || port == 0 ? -1 : port;
  }

  /** Letters, digits, hyphens, underscores and single dots: what a resolver could be asked for. */
  private static boolean isName(String name) {
    char previous = '.';
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean inLabel = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
      if (!inLabel && (c != '.' || previous == '.')) {
        return false;
      }
      previous = c;
    }
    return previous != '.';
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof HostPattern)) {
      return false;
    }
    HostPattern that = (HostPattern) other;
    return that.port == port && that.wildcard == wildcard && that.name.equals(name);
  }

  @Override
  public int hashCode() {
    return (name.hashCode() * 31 + port) * 2 + (wildcard ? 1 : 0);
  }

  /** The pattern as it could have been written. */
  @Override
  public String toString() {
    String host = ipv6 ? "[" + name + "]" : !wildcard ? name : name.isEmpty() ? "*" : "*." + name;
    return port == 0 ? host : host + ":" + port;
  }
}

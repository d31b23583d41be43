package dev.freshwire.policy;

import java.util.Collection;

/**
 * Finds the most specific of many {@link HostPattern}s that matches an origin. Immutable.
 *
 * <p>A look-up walks the host name once from its end, with a running hash, and probes a hash table
 * at every dot: its cost depends on the length of the name, not on the number of patterns, and it
 * allocates nothing unless the host name is not ASCII.
 *
 * <p>More specific is first the host (the name itself, then the longest suffix, then {@code *}) and
 * then the port (a pattern with a port before one without).
 */
public final class HostMatcher {
  /** No pattern matches. */
  public static final int NONE = -1;

  private static final HostMatcher EMPTY = new HostMatcher(new HostPattern[0]);
  private static final HostMatcher ANY = new HostMatcher(new HostPattern[] {HostPattern.ANY});

  private static final int EXACT = 0x5bd1e995;

  private final HostPattern[] patterns;
  private final int[] table; // index of a pattern + 1, or 0
  private final int anyHost; // index of "*", which every host without a better match gets, or NONE
  private final boolean hasPorts;

  private HostMatcher(HostPattern[] patterns) {
    this.patterns = patterns;
    this.table = new int[Integer.highestOneBit(Math.max(1, patterns.length)) * 4];
    boolean ports = false;
    int any = NONE;
    for (int i = 0; i < patterns.length; i++) {
      HostPattern pattern = patterns[i];
      ports |= pattern.port() != 0;
      if (pattern.isAny() && pattern.port() == 0) {
        any = any == NONE ? i : any;
      } else {
        insert(pattern, i);
      }
    }
    this.anyHost = any;
    this.hasPorts = ports;
  }

  /** Matches nothing. */
  public static HostMatcher empty() {
    return EMPTY;
  }

  /** Matches everything. */
  public static HostMatcher any() {
    return ANY;
  }

  /**
   * A matcher whose {@link #find} answers with positions in {@code patterns}, the first of equals.
   */
  public static HostMatcher of(Collection<HostPattern> patterns) {
    return patterns.isEmpty() ? EMPTY : new HostMatcher(patterns.toArray(new HostPattern[0]));
  }

  /** Whether any pattern matches. */
  public boolean matches(String host, int port) {
    return find(host, port) != NONE;
  }

  /** The position of the most specific pattern that matches, or {@link #NONE}. */
  public int find(String host, int port) {
    if (patterns.length == 0 || (patterns.length == 1 && anyHost == 0)) {
      return anyHost;
    }
    int start = HostNames.start(host);
    int end = HostNames.end(host);
    if (host.indexOf(':') >= 0) {
      return findIpv6(host, start, end, port);
    }
    int hash = 0;
    int best = probe(0, host, end, end, true, port);
    best = best == NONE ? anyHost : best;
    for (int i = end - 1; i >= start; i--) {
      char c = HostNames.lower(host.charAt(i));
      if (c >= 0x80) {
        return findInternational(host, port);
      }
      if (c == '.' && i > start) {
        int found = probe(hash, host, i + 1, end, true, port);
        best = found == NONE ? best : found;
      }
      hash = hash * 31 + c;
    }
    int exact = probe(hash ^ EXACT, host, start, end, false, port);
    return exact == NONE ? best : exact;
  }

  private int findIpv6(String host, int start, int end, int port) {
    int found = NONE;
    if (Ipv6.isValid(host, start, end)) {
      found = probe(ipv6Hash(host, start, end) ^ EXACT, host, start, end, false, port);
    }
    if (found == NONE) {
      found = probe(0, host, end, end, true, port);
    }
    return found == NONE ? anyHost : found;
  }

  private int findInternational(String host, int port) {
    String ascii = HostNames.international(host);
    // A name without an ASCII form is still some host: only "*" can mean it.
    return find(ascii.equals(host) ? "" : ascii, port);
  }

  /** The pattern of this kind whose name is that part of the host: with the port, else without. */
  private int probe(int hash, String host, int from, int to, boolean wildcard, int port) {
    if (hasPorts && port != 0) {
      int found = look(hash, host, from, to, wildcard, port);
      if (found != NONE) {
        return found;
      }
    }
    return look(hash, host, from, to, wildcard, 0);
  }

  private int look(int hash, String host, int from, int to, boolean wildcard, int port) {
    int mask = table.length - 1;
    for (int slot = slot(hash, port) & mask; table[slot] != 0; slot = (slot + 1) & mask) {
      HostPattern pattern = patterns[table[slot] - 1];
      if (pattern.port() == port
          && pattern.isWildcard() == wildcard
          && isSame(pattern, host, from, to)) {
        return table[slot] - 1;
      }
    }
    return NONE;
  }

  private static boolean isSame(HostPattern pattern, String host, int from, int to) {
    String name = pattern.name();
    if (pattern.isIpv6()) {
      return Ipv6.isValid(host, from, to)
          && Ipv6.high(host, from, to) == Ipv6.high(name, 0, name.length())
          && Ipv6.low(host, from, to) == Ipv6.low(name, 0, name.length());
    }
    if (name.length() != to - from) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (name.charAt(i) != HostNames.lower(host.charAt(from + i))) {
        return false;
      }
    }
    return true;
  }

  private void insert(HostPattern pattern, int index) {
    String name = pattern.name();
    int hash = 0;
    if (pattern.isIpv6()) {
      hash = ipv6Hash(name, 0, name.length());
    } else {
      for (int i = name.length() - 1; i >= 0; i--) {
        hash = hash * 31 + name.charAt(i);
      }
    }
    if (look(
            hash ^ (pattern.isWildcard() ? 0 : EXACT),
            name,
            0,
            name.length(),
            pattern.isWildcard(),
            pattern.port())
        != NONE) {
      return;
    }
    int mask = table.length - 1;
    int slot = slot(hash ^ (pattern.isWildcard() ? 0 : EXACT), pattern.port()) & mask;
    while (table[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    table[slot] = index + 1;
  }

  private static int ipv6Hash(String text, int start, int end) {
    long both = Ipv6.high(text, start, end) * 31 + Ipv6.low(text, start, end);
    return (int) (both ^ (both >>> 32));
  }

  /** Spreads the high bits down: the hash of similar names differs mostly there. */
  private static int slot(int hash, int port) {
    int mixed = (hash + port * 0x85ebca6b) * 0x9e3779b9;
    return mixed ^ (mixed >>> 15);
  }
}

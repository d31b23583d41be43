package dev.freshwire.policy;

/**
 * A pattern over URL paths: {@code *} stands for any characters within one segment, {@code **} for
 * any characters at all. Immutable.
 *
 * <p>A path that a server could read as another one (with {@code ..}, {@code //}, a backslash, a
 * semicolon or an encoded character) matches nothing: it is matched to prove that a request is
 * safe.
 */
public final class PathGlob {
  private final String pattern;

  private PathGlob(String pattern) {
    this.pattern = pattern;
  }

  /** Whether {@code pattern} can match at all: it begins with a slash and has no query. */
  public static boolean isValid(String pattern) {
    return pattern.startsWith("/")
        && pattern.indexOf('?') < 0
        && isPlain(pattern, pattern.length());
  }

  /** The glob that {@code pattern} spells, which must be {@link #isValid valid}. */
  public static PathGlob of(String pattern) {
    if (!isValid(pattern)) {
      throw new IllegalArgumentException(pattern);
    }
    return new PathGlob(pattern);
  }

  /** Whether the path of {@code target}, which may have a query, matches. */
  public boolean matches(String target) {
    int query = target.indexOf('?');
    int end = query < 0 ? target.length() : query;
    return isPlain(target, end) && matches(target, end);
  }

  /** Goes back to the last star only, so that the time is at most the product of both lengths. */
  private boolean matches(String path, int end) {
    int at = 0;
    int glob = 0;
    int star = -1; // behind the last "*"
    int starAt = 0;
    int deepStar = -1; // behind the last "**"
    int deepStarAt = 0;
    while (at < end || glob < pattern.length()) {
      if (glob < pattern.length() && pattern.charAt(glob) == '*') {
        if (pattern.startsWith("**", glob)) {
          glob += 2;
          deepStar = glob;
          deepStarAt = at;
          star = -1;
        } else {
          glob++;
          star = glob;
          starAt = at;
        }
      } else if (at < end && glob < pattern.length() && pattern.charAt(glob) == path.charAt(at)) {
        at++;
        glob++;
      } else if (star >= 0 && starAt < end && path.charAt(starAt) != '/') {
        at = ++starAt;
        glob = star;
      } else if (deepStar >= 0 && deepStarAt < end) {
        at = ++deepStarAt;
        glob = deepStar;
        star = -1;
      } else {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(String path, int end) {
    for (int i = 0; i < end; i++) {
      char c = path.charAt(i);
      char next = i + 1 < end ? path.charAt(i + 1) : ' ';
      if (c <= ' ' || c >= 0x7f || c == '\\' || c == '%' || c == ';') {
        return false;
      }
      if ((c == '/' && next == '/') || (c == '.' && next == '.')) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return pattern;
  }
}

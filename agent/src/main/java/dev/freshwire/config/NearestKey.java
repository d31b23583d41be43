package dev.freshwire.config;

import org.jspecify.annotations.Nullable;

/** Guesses what an operator meant. Loaded only when something was misspelled. */
final class NearestKey {
  private static final int LONGEST = 64;

  private NearestKey() {}

  /** The key that takes the fewest edits, or null if nearly all of it would have to be edited. */
  static @Nullable String to(String text) {
    if (text.length() > LONGEST) {
      return null;
    }
    String nearest = null;
    int fewest = Math.max(2, text.length() / 2) + 1;
    for (Option option : Option.values()) {
      int edits = edits(text, option.key());
      if (edits < fewest) {
        fewest = edits;
        nearest = option.key();
      }
    }
    return nearest;
  }

  /** Levenshtein's distance, with case and the kind of separator counting for nothing. */
  private static int edits(String from, String to) {
    int[] previous = new int[to.length() + 1];
    int[] current = new int[to.length() + 1];
    for (int j = 0; j <= to.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      current[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int replaced = fold(from.charAt(i - 1)) == fold(to.charAt(j - 1)) ? 0 : 1;
        int edits = Math.min(current[j - 1], previous[j]) + 1;
        current[j] = Math.min(edits, previous[j - 1] + replaced);
      }
      int[] swap = previous;
      previous = current;
      current = swap;
    }
    return previous[to.length()];
  }

  private static char fold(char c) {
    return c == '_' || c == '.' ? '-' : Character.toLowerCase(c);
  }
}

package dev.freshwire.config;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The values that hold, and where each was given, on one line. */
final class EffectiveText {
  private static final int SHOWN_VALUE = 120;
  private static final int SHOWN_HOST_VALUES = 20;

  private EffectiveText() {}

  /**
   * @param all strongest first
   */
  static String of(List<Assignment> all) {
    if (all.isEmpty()) {
      return "all options at their defaults";
    }
    StringBuilder line = new StringBuilder();
    Set<String> seen = new HashSet<>();
    int hostValues = 0;
    for (int i = 0; i < all.size(); i++) {
      Assignment assignment = all.get(i);
      String key = key(assignment);
      // What a stronger source says hides what a weaker one says.
      if (seen.add(key) && (assignment.host == null || ++hostValues <= SHOWN_HOST_VALUES)) {
        line.append(line.length() == 0 ? "" : ", ")
            .append(key)
            .append('=')
            .append(BadOptionException.shown(assignment.value, SHOWN_VALUE))
            .append(" (")
            .append(BadOptionException.shown(assignment.source, SHOWN_VALUE))
            .append(')');
      }
    }
    if (hostValues > SHOWN_HOST_VALUES) {
      line.append(" and ").append(hostValues - SHOWN_HOST_VALUES).append(" more for some hosts");
    }
    return line.toString();
  }

  private static String key(Assignment assignment) {
    return assignment.host == null
        ? assignment.option.key()
        : "host.\"" + assignment.host + "\"." + assignment.option.key();
  }
}

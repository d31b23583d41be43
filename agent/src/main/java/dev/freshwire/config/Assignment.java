package dev.freshwire.config;

import dev.freshwire.policy.HostPattern;
import org.jspecify.annotations.Nullable;

/** One value that somebody gave to one option, for all origins or for some. Immutable. */
final class Assignment {
  final Option option;

  /** The origins that it is meant for, or null for all. */
  final @Nullable HostPattern host;

  final String value;

  /** Where it was given, for messages: "agent arguments", "file x.properties, line 3". */
  final String source;

  /** The key as it is spelled there. */
  final String spelledKey;

  private Assignment(
      Option option, @Nullable HostPattern host, String value, String source, String spelledKey) {
    this.option = option;
    this.host = host;
    this.value = value;
    this.source = source;
    this.spelledKey = spelledKey;
  }

  /**
   * Understands a key: {@code <option>}, or {@code host."<pattern>".<option>}.
   *
   * @param prefix what the source writes before every key
   */
  static Assignment of(String source, String prefix, String key, String value) {
    if (!key.startsWith("host.")) {
      return new Assignment(
          option(source, prefix, key, key, value), null, value, source, prefix + key);
    }
    int close = key.indexOf("\".", 6);
    if (key.length() < 6 || key.charAt(5) != '"' || close < 0) {
      throw BadOptionException.in(
          source,
          BadOptionException.shown(prefix + key, 80) + ": expected host.\"<pattern>\".<option>");
    }
    HostPattern host = HostPattern.of(key.substring(6, close));
    if (host == null) {
      throw BadOptionException.in(
          source,
          BadOptionException.shown(prefix + key, 80) + ": expected in quotes " + Option.PATTERNS);
    }
    String optionKey = key.substring(close + 2);
    Option option = option(source, prefix + key.substring(0, close + 2), key, optionKey, value);
    Assignment assignment = new Assignment(option, host, value, source, prefix + key);
    if (!option.isPerOrigin()) {
      throw BadOptionException.wrong(assignment, "this option cannot differ between hosts");
    }
    return assignment;
  }

  static Assignment of(String source, String spelledKey, Option option, String value) {
    return new Assignment(option, null, value, source, spelledKey);
  }

  /** Whether both say something about the same thing. */
  boolean isSameKeyAs(Assignment other) {
    return option == other.option && (host == null ? other.host == null : host.equals(other.host));
  }

  private static Option option(
      String source, String prefix, String key, String optionKey, String value) {
    Option option = Option.ofKey(optionKey);
    if (option == null) {
      String nearest = NearestKey.to(optionKey);
      String spelled = key.substring(0, key.length() - optionKey.length());
      throw BadOptionException.unknown(
          source,
          prefix.endsWith(spelled) ? prefix + optionKey : prefix + key,
          value,
          nearest == null ? null : prefix + nearest);
    }
    return option;
  }
}

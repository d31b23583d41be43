package dev.freshwire.config;

import org.jspecify.annotations.Nullable;

/**
 * Something that an operator said is wrong. The message is one line that names the source, the key,
 * the value and what was expected.
 */
public final class BadOptionException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 80;

  private final String line;

  private BadOptionException(String line) {
    // No stack trace: the line is all there is to say.
    super(line, null, false, false);
    this.line = line;
  }

  /** The message. */
  public String line() {
    return line;
  }

  /** A source that is wrong as a whole. */
  static BadOptionException in(String source, String problem) {
    return new BadOptionException(shown(source, 200) + ": " + problem);
  }

  static BadOptionException unexpected(Assignment assignment) {
    return wrong(assignment, "expected " + assignment.option.expected());
  }

  static BadOptionException wrong(Assignment assignment, String problem) {
    return in(
        assignment.source,
        shown(assignment.spelledKey, SHOWN)
            + "="
            + shown(assignment.value, SHOWN)
            + ": "
            + problem);
  }

  static BadOptionException unknown(
      String source, String key, @Nullable String value, @Nullable String nearest) {
    String shown = shown(key, SHOWN) + (value == null ? "" : "=" + shown(value, SHOWN));
    return in(
        source,
        shown
            + ": unknown option; "
            + (nearest == null
                ? "java -jar freshwire-agent.jar options lists them"
                : "did you mean " + nearest + "?"));
  }

  /** On one line, and not longer than a reader would read. */
  static String shown(String text, int limit) {
    int length = Math.min(text.length(), limit);
    StringBuilder line = new StringBuilder(length + 32);
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
    }
    if (length < text.length()) {
      line.append("... (").append(text.length()).append(" characters)");
    }
    return line.toString();
  }
}

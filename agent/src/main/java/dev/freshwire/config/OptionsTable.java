package dev.freshwire.config;

/**
 * The table of all options, for the README and for {@code java -jar freshwire-agent.jar options}.
 */
public final class OptionsTable {
  private OptionsTable() {}

  /** As a table in Markdown, without an empty line around it. */
  public static String markdown() {
    StringBuilder table = new StringBuilder("| key | default | meaning |\n|---|---|---|\n");
    for (Option option : Option.values()) {
      String text = option.defaultText();
      table
          .append("| `")
          .append(option.key())
          .append("` | ")
          .append(text.isEmpty() ? "none" : '`' + text + '`')
          .append(" | ")
          .append(option.meaning())
          .append(" |\n");
    }
    return table.toString();
  }

  /** As plain text in columns. */
  public static String plain() {
    int keys = 0;
    int defaults = 0;
    for (Option option : Option.values()) {
      keys = Math.max(keys, option.key().length());
      defaults = Math.max(defaults, option.defaultText().length());
    }
    StringBuilder table = new StringBuilder();
    for (Option option : Option.values()) {
      pad(table, option.key(), keys + 2);
      pad(table, option.defaultText().isEmpty() ? "none" : option.defaultText(), defaults + 2);
      table.append(option.meaning().replace("`", "")).append('\n');
    }
    return table.toString();
  }

  private static void pad(StringBuilder table, String text, int width) {
    table.append(text);
    for (int i = text.length(); i < width; i++) {
      table.append(' ');
    }
  }
}

package dev.freshwire.it.driver;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * As much JSON as the two sides of the pipe need: maps, lists, strings, booleans, whole numbers as
 * {@code Long}. A library would have to share the class path of the client under test.
 */
public final class Json {
  private final String text;
  private int at;

  private Json(String text) {
    this.text = text;
  }

  /** Parses one object. */
  @SuppressWarnings("unchecked")
  public static Map<String, Object> parse(String text) {
    Json json = new Json(text);
    Object value = json.value();
    json.space();
    if (!(value instanceof Map) || json.at != text.length()) {
      throw new IllegalArgumentException("not one JSON object: " + text);
    }
    return (Map<String, Object>) value;
  }

  /** Writes a value on one line. */
  public static String write(@Nullable Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(@Nullable Object value, StringBuilder out) {
    if (value instanceof Map) {
      char separator = '{';
      for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
        out.append(separator);
        quote(String.valueOf(entry.getKey()), out);
        out.append(':');
        write(entry.getValue(), out);
        separator = ',';
      }
      out.append(separator == '{' ? "{}" : "}");
    } else if (value instanceof Collection) {
      char separator = '[';
      for (Object element : (Collection<?>) value) {
        out.append(separator);
        write(element, out);
        separator = ',';
      }
      out.append(separator == '[' ? "[]" : "]");
    } else if (value == null || value instanceof Boolean || value instanceof Number) {
      out.append(value);
    } else {
      quote(value.toString(), out);
    }
  }

  private static void quote(String string, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < string.length(); i++) {
      char c = string.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < ' ' || c > '~') {
        out.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          out.append(Character.forDigit(c >> shift & 15, 16));
        }
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }

  private @Nullable Object value() {
    space();
    char c = peek();
    switch (c) {
      case '{':
        return object();
      case '[':
        return array();
      case '"':
        return string();
      default:
        return literal();
    }
  }

  private Map<String, @Nullable Object> object() {
    Map<String, @Nullable Object> object = new LinkedHashMap<>();
    at++;
    space();
    while (peek() != '}') {
      String key = string();
      space();
      expect(':');
      object.put(key, value());
      space();
      if (peek() == ',') {
        at++;
        space();
      }
    }
    at++;
    return object;
  }

  private List<@Nullable Object> array() {
    List<@Nullable Object> array = new ArrayList<>();
    at++;
    space();
    while (peek() != ']') {
      array.add(value());
      space();
      if (peek() == ',') {
        at++;
        space();
      }
    }
    at++;
    return array;
  }

  private String string() {
    expect('"');
    StringBuilder out = new StringBuilder();
    for (char c = next(); c != '"'; c = next()) {
      if (c != '\\') {
        out.append(c);
        continue;
      }
      char escaped = next();
      int control = "bfnrt".indexOf(escaped);
      if (escaped == 'u') {
        out.append((char) Integer.parseInt(text.substring(at, at + 4), 16));
        at += 4;
      } else {
        out.append(control < 0 ? escaped : "\b\f\n\r\t".charAt(control));
      }
    }
    return out.toString();
  }

  private @Nullable Object literal() {
    int start = at;
    while (at < text.length() && ",]} \t\r\n".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    String word = text.substring(start, at);
    switch (word) {
      case "null":
        return null;
      case "true":
        return true;
      case "false":
        return false;
      default:
        return word.indexOf('.') < 0 ? (Object) Long.valueOf(word) : (Object) Double.valueOf(word);
    }
  }

  private void space() {
    while (at < text.length() && text.charAt(at) <= ' ') {
      at++;
    }
  }

  private char peek() {
    if (at >= text.length()) {
      throw new IllegalArgumentException("ends too early: " + text);
    }
    return text.charAt(at);
  }

  private char next() {
    char c = peek();
    at++;
    return c;
  }

  private void expect(char c) {
    if (next() != c) {
      throw new IllegalArgumentException("expected " + c + " at " + at + ": " + text);
    }
  }
}

package dev.freshwire.config;

import java.util.List;
import java.util.Map;
import java.util.Properties;

/** Reads what stands in the agent arguments, the system properties and the environment. */
final class Sources {
  static final String PROPERTY_PREFIX = "freshwire.";
  static final String ENVIRONMENT_PREFIX = "FRESHWIRE_";

  /** Longer lists belong in a file; also the longest that Linux passes on, halved. */
  static final int LONGEST_ARGUMENTS = 64 * 1024;

  private static final String ARGUMENTS = "agent arguments";

  private Sources() {}

  /**
   * {@code key=value,key=value}. An item without {@code =} continues the list before it: {@code
   * hosts=a.com,b.com,mode=observe}. Between double quotes, commas and equals signs are ordinary; a
   * value that stands in quotes as a whole loses them.
   */
  static void readArguments(String arguments, List<Assignment> into) {
    if (arguments.length() > LONGEST_ARGUMENTS) {
      throw BadOptionException.in(
          ARGUMENTS,
          arguments.length()
              + " characters, expected at most "
              + LONGEST_ARGUMENTS
              + "; longer ones belong in a file: config=<path>");
    }
    if (arguments.trim().isEmpty()) {
      return;
    }
    String key = "";
    String value = "";
    int start = 0;
    while (start <= arguments.length()) {
      int end = outsideQuotes(arguments, ',', start);
      String item = arguments.substring(start, end).trim();
      int equals = outsideQuotes(item, '=', 0);
      if (item.isEmpty()) {
        throw BadOptionException.in(
            ARGUMENTS, "empty item in " + BadOptionException.shown(arguments, 80));
      }
      if (equals < item.length()) {
        if (start > 0) {
          add(into, key, value);
        }
        key = item.substring(0, equals).trim();
        value = unquoted(item.substring(equals + 1).trim());
      } else if (continues(key)) {
        value = value + ',' + unquoted(item);
      } else {
        if (start > 0) {
          // What is wrong with the key says more than that its value has two parts.
          add(into, key, value);
        }
        throw unassigned(item);
      }
      start = end + 1;
    }
    add(into, key, value);
  }

  /** Every system property that begins with {@value #PROPERTY_PREFIX}. */
  static void readProperties(Properties properties, List<Assignment> into) {
    for (String name : properties.stringPropertyNames()) {
      if (name.startsWith(PROPERTY_PREFIX)) {
        String key = name.substring(PROPERTY_PREFIX.length());
        String value = properties.getProperty(name);
        addUnique(
            into,
            Assignment.of("system property", PROPERTY_PREFIX, key, value == null ? "" : value));
      }
    }
  }

  /** Every environment variable that begins with {@value #ENVIRONMENT_PREFIX}. */
  static void readEnvironment(Map<String, String> environment, List<Assignment> into) {
    for (Map.Entry<String, String> variable : environment.entrySet()) {
      String name = variable.getKey();
      if (name.startsWith(ENVIRONMENT_PREFIX) && !isKubernetes(name)) {
        into.add(
            Assignment.of("environment", name, byEnvironmentName(variable), variable.getValue()));
      }
    }
  }

  /**
   * What Kubernetes gives every pod in the namespace of a Service whose name begins with freshwire:
   * {@code FRESHWIRE_SERVICE_HOST}, {@code FRESHWIRE_PORT}, {@code
   * FRESHWIRE_DEMO_PORT_443_TCP_ADDR} and so on.
   */
  private static boolean isKubernetes(String name) {
    int port = name.lastIndexOf("_PORT_") + "_PORT_".length();
    return name.endsWith("_SERVICE_HOST")
        || name.endsWith("_PORT")
        || name.contains("_SERVICE_PORT_")
        || (port > "_PORT_".length()
            && port < name.length()
            && Character.isDigit(name.charAt(port)));
  }

  /** Adds what must not have been said before by the same source. */
  static void addUnique(List<Assignment> into, Assignment assignment) {
    for (int i = 0; i < into.size(); i++) {
      if (into.get(i).isSameKeyAs(assignment)) {
        throw BadOptionException.wrong(
            assignment,
            "given twice, the first time as " + BadOptionException.shown(into.get(i).value, 80));
      }
    }
    into.add(assignment);
  }

  private static void add(List<Assignment> into, String key, String value) {
    addUnique(into, Assignment.of(ARGUMENTS, "", key, value));
  }

  private static boolean continues(String key) {
    int afterHost = key.lastIndexOf("\".");
    Option option = Option.ofKey(afterHost < 0 ? key : key.substring(afterHost + 2));
    return option != null && option.isList();
  }

  private static BadOptionException unassigned(String item) {
    return Option.ofKey(item) == null
        ? BadOptionException.unknown(ARGUMENTS, item, null, NearestKey.to(item))
        : BadOptionException.in(ARGUMENTS, item + ": expected " + item + "=<value>");
  }

  private static Option byEnvironmentName(Map.Entry<String, String> variable) {
    String name = variable.getKey();
    for (Option option : Option.values()) {
      if (option.environmentName().equals(name)) {
        return option;
      }
    }
    String nearest = NearestKey.to(name.substring(ENVIRONMENT_PREFIX.length()));
    Option meant = nearest == null ? null : Option.ofKey(nearest);
    throw BadOptionException.unknown(
        "environment", name, variable.getValue(), meant == null ? null : meant.environmentName());
  }

  /** Where the character first stands outside double quotes, or the end of the text. */
  static int outsideQuotes(String text, char wanted, int start) {
    boolean quoted = false;
    for (int i = start; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"') {
        quoted = !quoted;
      } else if (c == wanted && !quoted) {
        return i;
      }
    }
    if (quoted) {
      throw BadOptionException.in(
          ARGUMENTS, "a quote is not closed in " + BadOptionException.shown(text, 80));
    }
    return text.length();
  }

  private static String unquoted(String value) {
    boolean quoted = value.length() >= 2 && value.charAt(0) == '"' && value.endsWith("\"");
    return quoted ? value.substring(1, value.length() - 1) : value;
  }
}

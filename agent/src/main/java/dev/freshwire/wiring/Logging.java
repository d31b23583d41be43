package dev.freshwire.wiring;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configures the agent's own log. SLF4J's simple provider reads its settings from system properties
 * when its first logger is made, and only then: they are there no longer than that. Their names are
 * relocated together with SLF4J, so those that an application uses have no effect here.
 */
final class Logging {
  private static final String PREFIX = "org.slf4j.simpleLogger.";
  private static final String[][] SETTINGS = {
    {"showThreadName", "false"},
    {"showShortLogName", "false"},
    {"cacheOutputStream", "true"},
  };

  /** In the provider's order: it writes levels as 0, 10, 20... */
  private static final List<String> LEVELS =
      Arrays.asList("trace", "debug", "info", "warn", "error", "off");

  private static String inForce = "";

  private Logging() {}

  static synchronized void configure(String level) {
    if (inForce.equals(level)) {
      return;
    }
    if (!inForce.isEmpty()) {
      change(LoggerFactory.getLogger("freshwire"), level);
      inForce = level;
      return;
    }
    System.setProperty(PREFIX + "defaultLogLevel", level);
    for (String[] setting : SETTINGS) {
      System.setProperty(PREFIX + setting[0], setting[1]);
    }
    try {
      LoggerFactory.getLogger("freshwire");
      inForce = level;
    } finally {
      System.clearProperty(PREFIX + "defaultLogLevel");
      for (String[] setting : SETTINGS) {
        System.clearProperty(PREFIX + setting[0]);
      }
    }
  }

  /** The provider has no way to change the level of a logger that is there. */
  private static void change(Logger log, String level) {
    try {
      Field current = log.getClass().getDeclaredField("currentLogLevel");
      current.setAccessible(true);
      current.setInt(log, LEVELS.indexOf(level) * 10);
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.warn("the log's level stays as it was: {}", e.toString());
    }
  }
}

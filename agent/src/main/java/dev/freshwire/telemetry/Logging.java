package dev.freshwire.telemetry;

import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The agent's own log: SLF4J's simple provider, made when something is logged that is not part of
 * every start. Thread-safe.
 *
 * <p>The provider reads its settings from system properties when its first logger is made, and only
 * then: they are there no longer than that. Their names are relocated together with SLF4J, so those
 * that an application uses have no effect here.
 */
public final class Logging {
  private static final String NAME = "freshwire";
  private static final String PREFIX = "org.slf4j.simpleLogger.";
  private static final String[][] SETTINGS = {
    {"showThreadName", "false"},
    {"showShortLogName", "false"},
    {"cacheOutputStream", "true"},
  };

  /** In the provider's order: it writes levels as 0, 10, 20... */
  private static final List<String> LEVELS =
      Arrays.asList("trace", "debug", "info", "warn", "error", "off");

  private static String wanted = "info";
  private static boolean made;

  private Logging() {}

  /** Logs from now on what is of this level or worse. */
  public static synchronized void level(String level) {
    if (made && !wanted.equals(level)) {
      change(LoggerFactory.getLogger(NAME), level);
    }
    wanted = level;
  }

  /** Whether lines of this level are logged. */
  public static synchronized boolean shows(String level) {
    return LEVELS.indexOf(level) >= LEVELS.indexOf(wanted);
  }

  /**
   * A line of every start: by hand, in the form that the log has, because making the first logger
   * takes 20 ms of an application's first response.
   */
  public static synchronized void start(String line) {
    if (made) {
      log().info(line);
    } else if (shows("info")) {
      System.err.println("INFO freshwire - " + line);
    }
  }

  /** The log. */
  static synchronized Logger log() {
    if (!made) {
      made = true;
      make();
    }
    return LoggerFactory.getLogger(NAME);
  }

  private static void make() {
    System.setProperty(PREFIX + "defaultLogLevel", wanted);
    for (String[] setting : SETTINGS) {
      System.setProperty(PREFIX + setting[0], setting[1]);
    }
    try {
      LoggerFactory.getLogger(NAME);
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

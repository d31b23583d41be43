package dev.freshwire.telemetry;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.nio.charset.Charset;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
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

  /**
   * The standard error of the process, whatever the application has put in place of {@code
   * System.err}: that may lead to its own log, and from there to a client that is being rewritten.
   * Most lines are written while a class of that is loaded. What the application did then, it would
   * do inside of that: with locks that other threads want which wait for the class, and with
   * classes that the JVM shows to no transformer.
   */
  private static final PrintStream STANDARD_ERROR = standardError();

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
  public static void start(String line) {
    if (isMade()) {
      log().info(line);
    } else if (shows("info")) {
      STANDARD_ERROR.println("INFO freshwire - " + line);
    }
  }

  private static synchronized boolean isMade() {
    return made;
  }

  /** The log. */
  static synchronized Logger log() {
    if (!made) {
      made = true;
      AccessController.doPrivileged(new Making());
    }
    return LoggerFactory.getLogger(NAME);
  }

  /** On whatever thread something is logged first, which may have fewer rights than the agent. */
  static final class Making implements PrivilegedAction<@Nullable Void> {
    @Override
    public @Nullable Void run() {
      make();
      return null;
    }
  }

  private static void make() {
    System.setProperty(PREFIX + "defaultLogLevel", wanted);
    for (String[] setting : SETTINGS) {
      System.setProperty(PREFIX + setting[0], setting[1]);
    }
    try {
      redirect(LoggerFactory.getLogger(NAME));
    } finally {
      System.clearProperty(PREFIX + "defaultLogLevel");
      for (String[] setting : SETTINGS) {
        System.clearProperty(PREFIX + setting[0]);
      }
    }
  }

  /** The provider knows {@code System.err}, {@code System.out} and files. */
  private static void redirect(Logger log) {
    try {
      Field parameters = log.getClass().getDeclaredField("CONFIG_PARAMS");
      parameters.setAccessible(true);
      Field choice = parameters.getType().getDeclaredField("outputChoice");
      choice.setAccessible(true);
      Constructor<?> stream = choice.getType().getDeclaredConstructor(PrintStream.class);
      stream.setAccessible(true);
      choice.set(parameters.get(null), stream.newInstance(STANDARD_ERROR));
    } catch (ReflectiveOperationException | RuntimeException e) {
      log.warn("the log goes where System.err leads: {}", e.toString());
    }
  }

  private static PrintStream standardError() {
    try {
      FileOutputStream descriptor = new FileOutputStream(FileDescriptor.err);
      String encoding = System.getProperty("stderr.encoding");
      if (encoding == null) {
        encoding = System.getProperty("sun.stderr.encoding");
      }
      return new PrintStream(
          new BufferedOutputStream(descriptor),
          true,
          encoding == null ? Charset.defaultCharset().name() : encoding);
    } catch (UnsupportedEncodingException e) {
      return System.err;
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

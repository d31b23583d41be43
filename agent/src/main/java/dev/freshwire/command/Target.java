package dev.freshwire.command;

import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Another JVM of this machine, reached by the attach API. By reflection, because Java 8 has that
 * API in a jar of the JDK that is on no class path.
 */
final class Target implements AutoCloseable {
  /** As {@code wiring} says it: the system property of a JVM that has the agent. */
  static final String MARK = "dev.freshwire.agent";

  private static final String ANSWER = "dev.freshwire.answer.";
  private static final String MACHINE = "com.sun.tools.attach.VirtualMachine";
  private static final long SIGQUIT = 1L << 2;

  private final Class<?> type;
  private final Object machine;

  private Target(Class<?> type, Object machine) {
    this.type = type;
    this.machine = machine;
  }

  /** Connects to the JVM of that process. */
  static Target attach(String pid) throws TargetException {
    Class<?> type = attachApi();
    whyNot(pid);
    try {
      return new Target(type, type.getMethod("attach", String.class).invoke(null, pid));
    } catch (InvocationTargetException e) {
      throw new TargetException(explained(cause(e)), e);
    } catch (ReflectiveOperationException e) {
      throw new TargetException(String.valueOf(e), e);
    }
  }

  private static Class<?> attachApi() throws TargetException {
    try {
      return Class.forName(MACHINE, true, ClassLoader.getSystemClassLoader());
    } catch (ClassNotFoundException notInThisImage) {
      File home = new File(System.getProperty("java.home", ""));
      File[] places = {new File(home, "../lib/tools.jar"), new File(home, "lib/tools.jar")};
      for (File tools : places) {
        if (tools.isFile()) {
          try {
            URL[] path = {tools.toURI().toURL()};
            return Class.forName(MACHINE, true, new URLClassLoader(path));
          } catch (ClassNotFoundException | MalformedURLException | LinkageError e) {
            throw new TargetException(tools + " is not this Java's: " + e, e);
          }
        }
      }
      throw new TargetException(
          "the Java that runs this command (" + home + ") has no attach API; use a JDK's java",
          notInThisImage);
    }
  }

  /**
   * Attaching sends SIGQUIT, which ends a process that does not expect it. Linux tells who does.
   */
  private static void whyNot(String pid) throws TargetException {
    File status = new File("/proc/" + pid + "/status");
    if (!new File("/proc/self/status").isFile()) {
      return;
    }
    if (!status.isFile()) {
      throw new TargetException("no such process", null);
    }
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new FileInputStream(status), StandardCharsets.US_ASCII))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (line.startsWith("SigCgt:")) {
          long caught = Long.parseUnsignedLong(line.substring(7).trim(), 16);
          if ((caught & SIGQUIT) == 0) {
            throw new TargetException(
                "not a JVM, or one that was started with -Xrs and cannot be attached to", null);
          }
        }
      }
    } catch (IOException | NumberFormatException e) {
      // Then the attach API has to find out.
    }
  }

  private static Throwable cause(InvocationTargetException e) {
    return e.getCause() == null ? e : e.getCause();
  }

  private static String explained(Throwable failure) {
    String message = String.valueOf(failure.getMessage());
    if (message.contains("No such process")) {
      return "no such process";
    }
    if (message.contains("not permitted")
        || message.contains("owned by")
        || message.contains("well-known file")
        || message.contains("Permission denied")) {
      return "it belongs to another user; run this command as that user: " + message;
    }
    if (message.contains("does not support the attach mechanism")
        || message.contains("HotSpot VM not loaded")
        || message.contains("doesn't respond")) {
      return "it does not let itself be attached to (-XX:+DisableAttachMechanism?): " + message;
    }
    if (message.contains("ynamic agent loading")) {
      return "it loads no agents while it runs (-XX:-EnableDynamicAgentLoading): start it with "
          + "-javaagent";
    }
    if (message.contains("Agent JAR not found")) {
      return "it cannot read the agent's jar; have the jar where that process sees it and its user "
          + "may read it: "
          + message;
    }
    return failure.getClass().getName().endsWith("AgentInitializationException")
        ? "the agent did not start there; its log says why: " + message
        : failure.toString();
  }

  /** A system property of that JVM. */
  @Nullable String property(String name) throws TargetException {
    return ((Properties) call("getSystemProperties")).getProperty(name);
  }

  /** Has the agent in that JVM do something, and returns its answer. */
  String ask(String jar, String action, String options) throws TargetException {
    String number = Long.toString(System.nanoTime(), 36);
    call("loadAgent", new File(jar).getAbsolutePath(), '?' + action + ' ' + number + ' ' + options);
    String answer = property(ANSWER + number);
    return answer == null
        ? "ERROR freshwire - the agent gives no answer; the log of that process says why"
        : answer;
  }

  private Object call(String name, String... arguments) throws TargetException {
    Class<?>[] types = new Class<?>[arguments.length];
    java.util.Arrays.fill(types, String.class);
    try {
      Method method = type.getMethod(name, types);
      Object result = method.invoke(machine, (Object[]) arguments);
      return result == null ? "" : result;
    } catch (InvocationTargetException e) {
      if (isSuccessOfJava8(cause(e))) {
        return "";
      }
      throw new TargetException(explained(cause(e)), e);
    } catch (ReflectiveOperationException e) {
      throw new TargetException(String.valueOf(e), e);
    }
  }

  /**
   * A JVM of Java 8 answers a bare 0 when it has loaded the agent; the attach API of newer ones
   * expects "return code: 0" and takes that for a failure.
   */
  private static boolean isSuccessOfJava8(Throwable failure) {
    return failure.getClass().getName().endsWith(".AgentLoadException")
        && "0".equals(failure.getMessage());
  }

  @Override
  public void close() throws TargetException {
    call("detach");
  }
}

package dev.freshwire.premain;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.net.URISyntaxException;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * The entry points that the manifest names. Loaded by the system loader.
 *
 * <p>Wrong options stop the start with one line and exit status 1; whatever else goes wrong is one
 * line, and the application starts as if the agent were not there.
 */
public final class FreshwireAgent {
  private static final String START = "dev.freshwire.wiring.Start";
  private static final String COMMAND = "dev.freshwire.command.Main";

  private static @Nullable AgentClassLoader loader;

  private FreshwireAgent() {}

  /** {@code -javaagent}. */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    String problem = start(arguments, instrumentation);
    if (problem != null) {
      System.err.println(problem);
      System.err.flush();
      // An exception that left premain would abort the JVM with status 134 and a core dump.
      Exit.now(1, instrumentation);
    }
  }

  /** Attached to a JVM that runs. A wrong option must not end it: the one who attaches is told. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    String problem = start(arguments, instrumentation);
    if (problem != null) {
      System.err.println(problem);
      throw new IllegalArgumentException(problem);
    }
  }

  /**
   * Hands over to the agent's own loader.
   *
   * @return what is wrong with the options; null when nothing is
   */
  private static synchronized @Nullable String start(
      @Nullable String arguments, Instrumentation instrumentation) {
    try {
      return agentLoader().start(START).apply(arguments, instrumentation);
    } catch (Exception | LinkageError e) {
      notStarted(e);
    }
    return null;
  }

  private static void notStarted(Throwable why) {
    System.err.println("ERROR freshwire - not started, the application goes on without: " + why);
  }

  private static synchronized AgentClassLoader agentLoader() throws Exception {
    if (loader == null) {
      loader = new AgentClassLoader(jar());
    }
    return loader;
  }

  private static File jar() throws URISyntaxException {
    CodeSource source = FreshwireAgent.class.getProtectionDomain().getCodeSource();
    if (source == null || source.getLocation() == null) {
      throw new IllegalStateException("the JVM does not tell where the agent's jar is");
    }
    File file = new File(source.getLocation().toURI());
    if (!file.isFile()) {
      // Classes of the same name come earlier on the application's class path.
      throw new IllegalStateException("the agent's classes come from " + file + ", not from a jar");
    }
    return file;
  }

  /** The command line: {@code java -jar freshwire-agent.jar}. Ends the JVM with its status. */
  public static void main(String[] arguments) throws Exception {
    agentLoader()
        .loadClass(COMMAND)
        .getMethod("main", String[].class, String.class)
        .invoke(null, arguments, jar().getPath());
  }
}

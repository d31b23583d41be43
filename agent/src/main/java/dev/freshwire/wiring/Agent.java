package dev.freshwire.wiring;

import dev.freshwire.config.BadOptionException;
import dev.freshwire.config.ConfigWatch;
import dev.freshwire.config.Configuration;
import dev.freshwire.config.Option;
import dev.freshwire.policy.Mode;
import dev.freshwire.weaving.HookTransformer;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The agent of this JVM: reads the options, opens and closes the gate for classes, puts policies in
 * force. There is one; a second start gives it another configuration, and after a detach it goes on
 * where it was, because what it has defined beside the clients is still there.
 */
public final class Agent {
  /** A system property that tells a JVM with the agent from one without; its value is a version. */
  public static final String MARK = "dev.freshwire.agent";

  private static @Nullable Agent instance;

  private final Instrumentation instrumentation;
  private final Enforcement enforcement;
  private final HookTransformer gate;
  private final String version;
  private Configuration configuration;
  private boolean attached;
  private @Nullable ConfigWatch watch;
  private @Nullable Thread exitReport;

  private Agent(Instrumentation instrumentation, Configuration configuration) throws IOException {
    this.instrumentation = instrumentation;
    this.configuration = configuration;
    this.version = readVersion();
    this.enforcement = new Enforcement(this, instrumentation);
    try (InputStream clients = resource("clients.txt")) {
      gate = new HookTransformer(clients, enforcement, enforcement);
    }
  }

  /**
   * Starts the agent, or gives it another configuration; called through {@link Start}.
   *
   * @param arguments what stands behind {@code -javaagent:freshwire-agent.jar=}, or a request of
   *     the command line, see {@link Requests}
   * @return the one line that says what is wrong with the options; null when nothing is
   */
  static @Nullable String start(@Nullable String arguments, Instrumentation instrumentation)
      throws IOException {
    if (arguments != null && arguments.startsWith(Requests.PREFIX)) {
      Requests.answer(arguments, instrumentation);
      return null;
    }
    return configure(arguments, instrumentation);
  }

  static synchronized @Nullable String configure(
      @Nullable String arguments, Instrumentation instrumentation) throws IOException {
    Configuration configuration;
    try {
      configuration = Configuration.load(arguments, System.getProperties(), System.getenv());
    } catch (BadOptionException e) {
      return "ERROR freshwire - " + e.line();
    }
    Agent agent = instance;
    if (agent == null) {
      agent = new Agent(instrumentation, configuration);
      instance = agent;
    }
    agent.begin(configuration);
    return null;
  }

  /** The agent of this JVM; null when there is none, or when it was detached. */
  static synchronized @Nullable Agent attached() {
    Agent agent = instance;
    return agent == null || !agent.isAttached() ? null : agent;
  }

  private synchronized boolean isAttached() {
    return attached;
  }

  private synchronized void begin(Configuration newConfiguration) {
    if (!newConfiguration.value(Option.LOG).equals("off")) {
      // By hand, in the form that the log has: SLF4J is not needed for a start and takes its time.
      System.err.println(
          "INFO freshwire - "
              + version
              + (attached ? ", configured anew: " : ", ")
              + newConfiguration.effective());
    }
    boolean first = !attached;
    if (first) {
      instrumentation.addTransformer(gate, true);
      attached = true;
      // Not System.setProperty, which is kept for what changes the JDK's behaviour.
      System.getProperties().setProperty(MARK, version);
    }
    if (watch != null) {
      watch.stop();
      watch = null;
    }
    apply(newConfiguration);
    if (newConfiguration.file() != null) {
      watch = Reloading.watch(newConfiguration, this);
    }
    if (first && newConfiguration.isOff()) {
      gate.lookAtLoaded(instrumentation); // A gate that is opened looks by itself.
    }
  }

  /**
   * Puts what a file says now in force.
   *
   * @return false when it was read for an agent that was detached, or was given another
   *     configuration, meanwhile
   */
  synchronized boolean reloaded(ConfigWatch by, Configuration newConfiguration) {
    if (by != watch) {
      return false;
    }
    apply(newConfiguration);
    return true;
  }

  /** Puts a configuration in force, for requests that begin from now on. */
  private void apply(Configuration newConfiguration) {
    // First what may fail: what is shown as configured is what holds.
    enforcement.configured(newConfiguration);
    configuration = newConfiguration;
    report(newConfiguration.value(Option.REPORT));
    if (newConfiguration.isOff()) {
      gate.close(instrumentation);
    } else {
      gate.open(instrumentation);
    }
  }

  private void report(String destination) {
    if (exitReport != null) {
      removeHook(exitReport);
      exitReport = null;
    }
    if (!destination.equals("off")) {
      exitReport = enforcement.exitReport(destination);
      Runtime.getRuntime().addShutdownHook(exitReport);
    }
  }

  private static void removeHook(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException exiting) {
      // Then it is running already.
    }
  }

  /**
   * Puts another mode in force until the configuration changes.
   *
   * @throws IllegalStateException if the agent was detached
   */
  synchronized void switchTo(Mode mode) {
    if (!attached) {
      throw new IllegalStateException("the agent is detached");
    }
    apply(configuration.withMode(mode));
  }

  /** Gives every client back as it was. */
  synchronized void detach() {
    attached = false;
    System.getProperties().remove(MARK);
    if (watch != null) {
      watch.stop();
      watch = null;
    }
    enforcement.stop();
    gate.close(instrumentation);
    instrumentation.removeTransformer(gate);
    report("off");
    enforcement.detached();
  }

  synchronized Configuration configuration() {
    return configuration;
  }

  synchronized @Nullable ConfigWatch watch() {
    return watch;
  }

  Enforcement enforcement() {
    return enforcement;
  }

  String version() {
    return version;
  }

  private static String readVersion() throws IOException {
    try (InputStream in = resource("version.txt")) {
      byte[] bytes = new byte[64];
      int length = Math.max(0, in.read(bytes));
      return new String(bytes, 0, length, StandardCharsets.US_ASCII).trim();
    }
  }

  private static InputStream resource(String name) throws IOException {
    InputStream in = Agent.class.getClassLoader().getResourceAsStream(name);
    if (in == null) {
      throw new IOException("the agent's jar has no " + name);
    }
    return in;
  }
}

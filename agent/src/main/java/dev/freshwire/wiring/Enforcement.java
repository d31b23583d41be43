package dev.freshwire.wiring;

import dev.freshwire.config.Configuration;
import dev.freshwire.config.Option;
import dev.freshwire.policy.Policy;
import dev.freshwire.telemetry.Logging;
import dev.freshwire.telemetry.Management;
import dev.freshwire.telemetry.Telemetry;
import dev.freshwire.weaving.ClassDefiner;
import dev.freshwire.weaving.HookTransformer;
import dev.freshwire.weaving.WeavingListener;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.Instrumentation;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * What comes up when it is first needed, with the first class that has a hook: the bridge in the
 * boot loader, what answers behind it, counters and log. Thread-safe, by a lock of its own: it is
 * called while classes are loaded.
 */
final class Enforcement implements HookTransformer.FirstTarget, WeavingListener {
  /** Renamed in the packaged jar to what the bridge is called in the boot loader. */
  private static final String[] BRIDGE = {
    "dev.freshwire.bridge.Call",
    "dev.freshwire.bridge.SpareSource",
    "dev.freshwire.bridge.Enforcer",
    "dev.freshwire.bridge.Liveness"
  };

  /** The purpose that every client has which opens connections. */
  private static final String CONNECT = "connect-timeout";

  /** The purpose of the hooks that look at a pooled connection before it is used again. */
  private static final String VALIDATE = "validate";

  /** The purpose of the hooks that hand out spare connections. */
  private static final String PREWARM = "prewarm";

  private final Agent agent;
  private final Instrumentation instrumentation;
  private String logLevel = "";
  private @Nullable Configuration configuration;
  private @Nullable Telemetry telemetry;
  private @Nullable Running running;
  private @Nullable Management management;
  private boolean managed;
  private boolean settling;

  Enforcement(Agent agent, Instrumentation instrumentation) {
    this.agent = agent;
    this.instrumentation = instrumentation;
  }

  @Override
  public synchronized ClassDefiner prepare() throws ReflectiveOperationException, IOException {
    ClassDefiner definer = ClassDefiner.of(instrumentation);
    for (String name : BRIDGE) {
      definer.define(null, name, classFile(name), null);
    }
    Configuration known = configuration;
    Policy policy = known == null ? Policy.defaults() : known.policy();
    running = new Running(policy, telemetry());
    running.hold(settling);
    return definer;
  }

  private static byte[] classFile(String name) throws IOException {
    try (InputStream in =
        Enforcement.class.getClassLoader().getResourceAsStream(name.replace('.', '/') + ".class")) {
      if (in == null) {
        throw new IOException("the agent's jar has no " + name);
      }
      ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        bytes.write(buffer, 0, n);
      }
      return bytes.toByteArray();
    }
  }

  /** Puts a configuration in force, at once if there is something to enforce it on. */
  synchronized void configured(Configuration configuration) {
    if (running != null) {
      running.policy(configuration.policy());
    }
    logLevel = configuration.value(Option.LOG);
    this.configuration = configuration;
    if (telemetry != null) {
      Logging.level(logLevel);
    }
  }

  /** Nobody answers what rewritten code asks from now on. */
  synchronized void stop() {
    if (running != null) {
      running.stop();
    }
  }

  /** There is nothing more to operate. */
  void detached() {
    Management registered;
    synchronized (this) {
      registered = management;
      management = null;
    }
    if (registered != null) {
      // Not under this lock: it tells the application's listeners, which may load classes.
      registered.end();
    }
  }

  synchronized Telemetry telemetry() {
    if (telemetry == null) {
      Logging.level(logLevel);
      telemetry = new Telemetry();
    }
    return telemetry;
  }

  Logger log() {
    // Whoever made the counters has told the log its level.
    telemetry();
    return Telemetry.log();
  }

  Thread exitReport(String destination) {
    return Control.exitReport(agent, destination);
  }

  @Override
  public synchronized int numberHooks(int count) {
    return running == null ? 0 : running.numberHooks(count);
  }

  @Override
  public void enforced(
      String client,
      String version,
      @Nullable ClassLoader loader,
      Map<String, Integer> hooks,
      Collection<String> without) {
    telemetry().libraries().enforced(client, version, loader, hooks, without);
    Logging.start(
        client + ' ' + version + ": enforced" + (without.isEmpty() ? "" : ", without " + without));
    boolean connects = hooks.containsKey(CONNECT);
    if (connects && !hooks.containsKey(VALIDATE) && policyValidates()) {
      log()
          .warn(
              "{} {}: cannot be asked whether a pooled connection is alive, so that reuse=validated"
                  + " is reuse=never there",
              client,
              version);
    }
    if (connects && !hooks.containsKey(PREWARM) && policyPrewarms()) {
      log().warn("{} {}: no spare connections are made, prewarm has no effect", client, version);
    }
    register();
  }

  private synchronized boolean policyValidates() {
    Configuration known = configuration;
    return known != null && known.policy().validates();
  }

  private synchronized boolean policyPrewarms() {
    Configuration known = configuration;
    return known != null && known.policy().prewarms();
  }

  @Override
  public void unsupported(
      String client, String version, @Nullable ClassLoader loader, String reason) {
    telemetry().libraries().unsupported(client, version, loader, reason);
    log().warn("{} {}: not enforced, left as it is: {}", client, version, reason);
  }

  @Override
  public void rewritten(String client, @Nullable ClassLoader loader, String className) {
    telemetry().libraries().rewritten(client, loader, className);
    if (Logging.shows("debug")) {
      log().debug("{}: rewrote {}", client, className);
    }
  }

  @Override
  public void failed(String client, String className, Throwable failure) {
    telemetry().failed(client + ' ' + className, failure);
  }

  @Override
  public synchronized void incomplete() {
    if (running != null) {
      running.distrust();
    }
  }

  @Override
  public synchronized void settling(boolean isSettling) {
    settling = isSettling;
    if (running != null) {
      running.hold(isSettling);
    }
  }

  @Override
  public synchronized void managementStarting() {
    managed = true;
    register();
  }

  /** A server that was not the platform's may have been followed by one that is. */
  private synchronized void register() {
    if (managed && (management == null || !management.isDone())) {
      telemetry();
      Management next = Control.management(agent);
      management = next;
      next.start();
    }
  }
}

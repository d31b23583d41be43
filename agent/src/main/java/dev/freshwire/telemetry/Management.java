package dev.freshwire.telemetry;

import java.lang.management.ManagementFactory;
import java.util.List;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import org.jspecify.annotations.Nullable;

/**
 * Registers the bean with the platform's MBean server once the application has one, and never makes
 * that server: it costs half a second, and locks in the application's choice of its builder.
 */
public final class Management extends Thread {
  private static final String NAME = "dev.freshwire:type=Freshwire";

  private final Operations agent;
  private @Nullable MBeanServer server;
  private boolean ended;

  /** A thread to be started while the server is being made; it ends as soon as that is done. */
  public Management(Operations agent) {
    super("freshwire-jmx");
    this.agent = agent;
    setDaemon(true);
  }

  @Override
  public void run() {
    try {
      MBeanServer platform = platformServer();
      if (platform != null) {
        register(platform);
      }
    } catch (JMException | RuntimeException | LinkageError e) {
      Telemetry.log().warn("no bean registered", e);
    }
  }

  @SuppressWarnings("LockOnNonEnclosingClassLiteral") // it is the lock to wait for
  private static @Nullable MBeanServer platformServer() throws JMException {
    List<MBeanServer> servers;
    // getPlatformMBeanServer() holds this lock: whoever is making the server is waited for.
    synchronized (ManagementFactory.class) {
      servers = MBeanServerFactory.findMBeanServer(null);
    }
    ObjectName runtime = new ObjectName(ManagementFactory.RUNTIME_MXBEAN_NAME);
    for (MBeanServer candidate : servers) {
      if (candidate.isRegistered(runtime)) {
        return candidate;
      }
    }
    return null;
  }

  private synchronized void register(MBeanServer platform) throws JMException {
    ObjectName name = new ObjectName(NAME);
    if (!ended && !platform.isRegistered(name)) {
      platform.registerMBean(new FreshwireBean(agent), name);
      server = platform;
    }
  }

  /** Whether there is nothing left to do. */
  public synchronized boolean isRegistered() {
    return server != null;
  }

  /** Takes the bean out again. */
  public synchronized void end() {
    ended = true;
    if (server != null) {
      try {
        server.unregisterMBean(new ObjectName(NAME));
      } catch (JMException e) {
        Telemetry.log().debug("the bean was gone already: {}", e.toString());
      }
      server = null;
    }
  }
}

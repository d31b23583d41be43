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
  private volatile @Nullable MBeanServer server;
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

  /**
   * Asks the agent, and has the server tell the application's listeners: both may wait for whoever
   * asks {@link #isDone} or calls {@link #end}, so no lock is held meanwhile.
   */
  private void register(MBeanServer platform) throws JMException {
    ObjectName name = new ObjectName(NAME);
    if (isEnded() || platform.isRegistered(name)) {
      return;
    }
    platform.registerMBean(new FreshwireBean(agent), name);
    if (!keep(platform)) {
      unregister(platform);
    }
  }

  private synchronized boolean isEnded() {
    return ended;
  }

  private synchronized boolean keep(MBeanServer platform) {
    if (!ended) {
      server = platform;
    }
    return !ended;
  }

  /**
   * Whether it has done all it can: the bean is registered, or will be unless it finds no server.
   */
  public boolean isDone() {
    return server != null || isAlive();
  }

  /** Takes the bean out again, also one that is only being registered. */
  public void end() {
    MBeanServer platform;
    synchronized (this) {
      ended = true;
      platform = server;
      server = null;
    }
    if (platform != null) {
      unregister(platform);
    }
  }

  private static void unregister(MBeanServer platform) {
    try {
      platform.unregisterMBean(new ObjectName(NAME));
    } catch (JMException e) {
      Telemetry.log().debug("the bean was gone already: {}", e.toString());
    }
  }
}

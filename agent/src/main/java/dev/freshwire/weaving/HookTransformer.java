package dev.freshwire.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The gate: looks the name of every class that is loaded up in a map, and lets it pass. Whatever
 * rewriting needs is loaded when the first name is found, so that an application without any of the
 * clients pays for one look-up a class. Thread-safe.
 */
public final class HookTransformer implements ClassFileTransformer {
  /** Brings up what the rewritten code will call, once, before the first class is rewritten. */
  public interface FirstTarget {
    /** Returns the way to define classes. */
    ClassDefiner prepare() throws ReflectiveOperationException, IOException;
  }

  /** Loaded when the first JMX server of the JVM is made, and not before. */
  private static final String MANAGEMENT = "javax/management/MBeanServerDelegate";

  private final Map<String, Client> clients;
  private final FirstTarget firstTarget;
  private final WeavingListener listener;
  private @Nullable Weaver weaver;
  private boolean gaveUp;
  private volatile boolean open;

  /**
   * A gate for the classes of these clients.
   *
   * @param descriptions the joined {@code client.txt} files
   */
  public HookTransformer(
      InputStream descriptions, FirstTarget firstTarget, WeavingListener listener)
      throws IOException {
    this.clients = Client.readAll(descriptions);
    this.clients.put(MANAGEMENT, Client.NONE);
    this.firstTarget = firstTarget;
    this.listener = listener;
  }

  @Override
  public byte @Nullable [] transform(
      @Nullable ClassLoader loader,
      @Nullable String className,
      @Nullable Class<?> redefined,
      @Nullable ProtectionDomain domain,
      byte[] classFile) {
    Client client = className == null ? null : clients.get(className);
    if (client == null || className == null) {
      return null;
    }
    if (client == Client.NONE) {
      managementStarting();
      return null;
    }
    if (!open) {
      return null;
    }
    Weaver weaver = weaver(client, className);
    return weaver == null ? null : weaver.weave(client, loader, className, classFile, domain);
  }

  private synchronized @Nullable Weaver weaver(Client client, String className) {
    if (weaver == null && !gaveUp) {
      try {
        weaver = new Weaver(firstTarget.prepare(), listener);
      } catch (ReflectiveOperationException | IOException | RuntimeException | LinkageError e) {
        gaveUp = true;
        listener.failed(client.name, className, e);
      }
    }
    return weaver;
  }

  private void managementStarting() {
    try {
      listener.managementStarting();
    } catch (RuntimeException | LinkageError e) {
      listener.failed("management", MANAGEMENT, e);
    }
  }

  /** From here on clients are rewritten, also those that are loaded already. */
  public void open(Instrumentation instrumentation) {
    if (!open) {
      open = true;
      lookAtLoaded(instrumentation, true);
    }
  }

  /** Gives every class back as it was. What is defined beside the clients stays, unused. */
  public void close(Instrumentation instrumentation) {
    if (open) {
      open = false;
      lookAtLoaded(instrumentation, true);
    }
  }

  /**
   * The internal name of a class that may be one of those looked for; null of most others. At start
   * this is asked of every class of the JDK's archive, in the interpreter: with all names compared
   * it took 14 ms of 27 (JDK 17).
   */
  private static @Nullable String candidate(Class<?> type) {
    String name = type.getName();
    boolean never =
        name.startsWith("java.")
            || name.startsWith("jdk.internal.l")
            || name.startsWith("jdk.internal.m")
            || name.startsWith("[");
    return never ? null : name.replace('.', '/');
  }

  /** Looks at what was loaded before this gate was there, for one that is not opened. */
  public void lookAtLoaded(Instrumentation instrumentation) {
    lookAtLoaded(instrumentation, false);
  }

  private void lookAtLoaded(Instrumentation instrumentation, boolean clientsToo) {
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = candidate(type);
      Client client = name == null ? null : clients.get(name);
      if (client == Client.NONE) {
        managementStarting();
      } else if (client != null && clientsToo && instrumentation.isModifiableClass(type)) {
        loaded.add(type);
      }
    }
    for (Class<?> type : loaded) {
      try {
        instrumentation.retransformClasses(type);
      } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
        listener.failed("retransforming", type.getName(), e);
        listener.incomplete();
      }
    }
  }
}

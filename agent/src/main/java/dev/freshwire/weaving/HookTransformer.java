package dev.freshwire.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.WeakHashMap;
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

  private static final String LATE = "was being loaded when the gate opened, and found late";

  private final Map<String, Client> clients;
  private final FirstTarget firstTarget;
  private final WeavingListener listener;
  private @Nullable Weaver weaver;
  private boolean gaveUp;
  private volatile boolean open;

  /** By loader the classes that have passed the closed gate; null of none. */
  private @Nullable Map<Object, Set<String>> passed;

  /** Looks for classes that the gate has missed when it was opened; null where there is no need. */
  private @Nullable Latecomers latecomers;

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
    return AccessController.doPrivileged(
        new Passing(client, loader, className, redefined, domain, classFile));
  }

  /** One class, with the rights that the agent has and not the application that loads it. */
  private final class Passing implements PrivilegedAction<byte @Nullable []> {
    private final Client client;
    private final @Nullable ClassLoader loader;
    private final String className;
    private final @Nullable Class<?> redefined;
    private final @Nullable ProtectionDomain domain;
    private final byte[] classFile;

    Passing(
        Client client,
        @Nullable ClassLoader loader,
        String className,
        @Nullable Class<?> redefined,
        @Nullable ProtectionDomain domain,
        byte[] classFile) {
      this.client = client;
      this.loader = loader;
      this.className = className;
      this.redefined = redefined;
      this.domain = domain;
      this.classFile = classFile;
    }

    @Override
    public byte @Nullable [] run() {
      if (client == Client.NONE) {
        managementStarting();
        return null;
      }
      if (!isOpen(loader, className, redefined)) {
        return null;
      }
      Weaver weaver = weaver(client, className);
      return weaver == null ? null : weaver.weave(client, loader, className, classFile, domain);
    }
  }

  /** Puts down who passes; one that is retransformed is loaded, and found by that. */
  private boolean isOpen(
      @Nullable ClassLoader loader, String className, @Nullable Class<?> redefined) {
    if (redefined != null) {
      return open;
    }
    synchronized (clients) {
      if (!open) {
        passed = passed == null ? new WeakHashMap<>() : passed;
        Latecomers.add(passed, loader, className);
      } else if (latecomers != null) {
        latecomers.arrives(loader, className);
      }
      return open;
    }
  }

  private synchronized @Nullable Weaver weaver(Client client, String className) {
    if (weaver == null && !gaveUp) {
      // Until it is there: a second attempt would find half of it done, and this class passed.
      gaveUp = true;
      try {
        weaver = new Weaver(firstTarget.prepare(), listener);
        gaveUp = false;
      } catch (Throwable e) {
        listener.failed(client.name, className, e);
      }
    }
    return weaver;
  }

  private synchronized boolean hasWeaver() {
    return weaver != null;
  }

  private void managementStarting() {
    try {
      listener.managementStarting();
    } catch (RuntimeException | LinkageError e) {
      listener.failed("management", MANAGEMENT, e);
    }
  }

  /**
   * From here on clients are rewritten, also those that are loaded already. Until all of these are,
   * nobody answers what hooks ask: those of one class rely on what those of another say.
   */
  public void open(Instrumentation instrumentation) {
    if (open) {
      return;
    }
    if (isAlone()) {
      open = true;
      lookAtLoaded(instrumentation, true, null);
      return;
    }
    listener.settling(true);
    try {
      Latecomers late;
      synchronized (clients) {
        late = new Latecomers(this, instrumentation, passed);
        latecomers = late;
        passed = null;
        open = true;
      }
      lookAtLoaded(instrumentation, true, late);
      late.await();
      late.goOn();
    } finally {
      listener.settling(false);
    }
  }

  /** At an ordinary start no thread is there yet but this one, to be loading a class meanwhile. */
  private boolean isAlone() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    synchronized (clients) {
      return passed == null
          && group != null
          && group.getName().equals("main")
          && group.activeCount() == 1;
    }
  }

  /** Gives every class back as it was. What is defined beside the clients stays, unused. */
  public void close(Instrumentation instrumentation) {
    if (open) {
      listener.settling(true);
      try {
        synchronized (clients) {
          open = false;
          if (latecomers != null) {
            latecomers.stop();
            latecomers = null;
          }
          // From now on more than this thread is there.
          passed = passed == null ? new WeakHashMap<>() : passed;
        }
        lookAtLoaded(instrumentation, true, null);
      } finally {
        listener.settling(false);
      }
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
    lookAtLoaded(instrumentation, false, null);
  }

  private void lookAtLoaded(
      Instrumentation instrumentation, boolean clientsToo, @Nullable Latecomers late) {
    List<Class<?>> loaded = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      String name = candidate(type);
      Client client = name == null ? null : clients.get(name);
      if (client == Client.NONE) {
        managementStarting();
      } else if (name != null
          && client != null
          && clientsToo
          && instrumentation.isModifiableClass(type)) {
        loaded.add(type);
        if (late != null) {
          late.isLate(type.getClassLoader(), name);
        }
      }
    }
    for (Class<?> type : loaded) {
      retransform(instrumentation, type);
    }
  }

  /**
   * Looks for classes that have come to be loaded since, past the gate.
   *
   * @param answered whether what hooks ask has been answered meanwhile
   */
  void lookForLate(Instrumentation instrumentation, Latecomers late, boolean answered) {
    boolean relied = answered && hasWeaver();
    Class<?>[] loaded = instrumentation.getAllLoadedClasses();
    synchronized (clients) {
      if (latecomers != late) {
        // The gate was closed meanwhile: what is loaded now has passed it as it should.
        return;
      }
    }
    for (Class<?> type : loaded) {
      String name = candidate(type);
      Client client = name == null ? null : clients.get(name);
      if (name != null
          && client != null
          && client != Client.NONE
          && instrumentation.isModifiableClass(type)
          && late.isLate(type.getClassLoader(), name)) {
        if (relied) {
          listener.incomplete();
          listener.failed(client.name, type.getName(), new IllegalStateException(LATE));
        }
        retransform(instrumentation, type);
      }
    }
  }

  /** There is nothing more to look for. */
  void forget(Latecomers late) {
    synchronized (clients) {
      if (latecomers == late) {
        latecomers = null;
      }
    }
  }

  private void retransform(Instrumentation instrumentation, Class<?> type) {
    try {
      instrumentation.retransformClasses(type);
    } catch (Throwable e) {
      // An Error as well: the other classes still get what they are to have.
      listener.incomplete();
      listener.failed("retransforming", type.getName(), e);
    }
  }
}

package dev.freshwire.enforcement;

import java.lang.reflect.Constructor;
import java.security.AccessController;
import java.security.PrivilegedAction;
import org.jspecify.annotations.Nullable;

/**
 * Makes threads that outlive the request for which they are made. Nothing of that request's thread
 * is handed on: in a container, its class loader is that of a web application, which could not be
 * collected for as long as the thread runs.
 */
final class Background implements PrivilegedAction<Thread> {
  private final Runnable work;
  private final String name;

  private Background(Runnable work, String name) {
    this.work = work;
    this.name = name;
  }

  /** A daemon thread that has not been started. */
  static Thread thread(Runnable work, String name) {
    // Up to Java 23 a thread keeps the protection domains of all that is on the stack here; of
    // privileged code only its own.
    return AccessController.doPrivileged(new Background(work, name));
  }

  /**
   * For a thread that has no context class loader: what is made there for an application may be
   * looked up by it, as where this is called. Afterwards the thread has none again.
   */
  static Runnable asHere(Runnable work) {
    Thread caller = Thread.currentThread();
    ClassLoader context =
        AccessController.doPrivileged(
            (PrivilegedAction<@Nullable ClassLoader>) caller::getContextClassLoader);
    return () -> {
      Thread thread = Thread.currentThread();
      thread.setContextClassLoader(context);
      try {
        work.run();
      } finally {
        thread.setContextClassLoader(null);
      }
    };
  }

  @Override
  public Thread run() {
    Thread thread = withoutLocals();
    if (thread == null) {
      thread = new Thread(work, name);
    }
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }

  /** Without the creator's inheritable thread locals; null before Java 9, which always has them. */
  private @Nullable Thread withoutLocals() {
    try {
      Constructor<Thread> constructor =
          Thread.class.getConstructor(
              ThreadGroup.class, Runnable.class, String.class, long.class, boolean.class);
      return constructor.newInstance(null, work, name, 0L, false);
    } catch (ReflectiveOperationException java8) {
      return null;
    }
  }
}

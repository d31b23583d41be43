package dev.freshwire.weaving;

import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import org.jspecify.annotations.Nullable;

/**
 * Defines classes in loaders that are not ours, the boot loader included. Thread-safe.
 *
 * <p>{@code Instrumentation.appendToBootstrapClassLoaderSearch}, the official way into the boot
 * loader, would make every application print a class-data-sharing warning.
 */
public abstract class ClassDefiner {
  /** Names types that Java 8 has not: looked for by name, it hands itself over when initialised. */
  private static final String MODULAR = "dev.freshwire.weaving.modular.ModularDefiner";

  private static @Nullable ClassDefiner modular;

  protected ClassDefiner() {}

  /** What the modular definer hands itself over to. */
  protected static void use(ClassDefiner definer) {
    modular = definer;
  }

  /**
   * Finds the way that this JVM has: its own internals, called as its own classes call them, from
   * Java 12 on; otherwise reflection. On 18 and later the first reflective calls of a JVM spin some
   * thirty method handle classes, which took 36 ms (JDK 25).
   *
   * @throws ReflectiveOperationException when this JVM has none of the ways that are known
   */
  public static ClassDefiner of(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    try {
      Class.forName(MODULAR);
      ClassDefiner definer = modular;
      if (definer != null) {
        definer.open(instrumentation);
        return definer;
      }
    } catch (ClassNotFoundException | LinkageError | IllegalArgumentException anotherJvm) {
      // Older, or so new that its internals have changed; 9 to 11 have no such package to export.
    }
    return ReflectiveDefiner.found(instrumentation);
  }

  /** Prepares this JVM; a {@code LinkageError} says that it has not what this way needs. */
  protected void open(Instrumentation instrumentation) {}

  /**
   * Defines a class.
   *
   * @param loader null for the boot loader
   * @param name binary name
   * @throws LinkageError when the loader has a class of that name already, among others
   */
  public abstract Class<?> define(
      @Nullable ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain)
      throws ReflectiveOperationException;
}

package dev.freshwire.weaving;

import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Defines classes by reflection: where {@code java.base} has no {@code jdk.internal.access}, or
 * another one. On 9 and later {@code java.lang} has to be opened to the agent first, which the
 * instrumentation API allows and which prints nothing.
 */
final class ReflectiveDefiner extends ClassDefiner {
  private final Method define;
  private final boolean intoAnyLoader;
  private final @Nullable Object unsafe;

  private ReflectiveDefiner(Method define, boolean intoAnyLoader, @Nullable Object unsafe) {
    this.define = define;
    this.intoAnyLoader = intoAnyLoader;
    this.unsafe = unsafe;
  }

  static ClassDefiner found(Instrumentation instrumentation) throws ReflectiveOperationException {
    try {
      openJavaLang(instrumentation);
    } catch (ClassNotFoundException beforeModules) {
      // Java 8: sun.misc.Unsafe defines classes in any loader, null included.
      Class<?> type = Class.forName("sun.misc.Unsafe");
      java.lang.reflect.Field field = type.getDeclaredField("theUnsafe");
      field.setAccessible(true);
      Method define =
          type.getMethod(
              "defineClass",
              String.class,
              byte[].class,
              int.class,
              int.class,
              ClassLoader.class,
              ProtectionDomain.class);
      return new ReflectiveDefiner(define, false, field.get(null));
    }
    Method define =
        ClassLoader.class.getDeclaredMethod(
            "defineClass1",
            ClassLoader.class,
            String.class,
            byte[].class,
            int.class,
            int.class,
            ProtectionDomain.class,
            String.class);
    define.setAccessible(true);
    return new ReflectiveDefiner(define, true, null);
  }

  /** {@code java.base} opens {@code java.lang} to the agent's module, and to no other. */
  private static void openJavaLang(Instrumentation instrumentation)
      throws ReflectiveOperationException {
    Class<?> moduleType = Class.forName("java.lang.Module");
    Method getModule = Class.class.getMethod("getModule");
    Object javaBase = getModule.invoke(Object.class);
    Object ours = getModule.invoke(ReflectiveDefiner.class);
    Map<String, Set<Object>> opens =
        Collections.singletonMap("java.lang", Collections.singleton(ours));
    Instrumentation.class
        .getMethod(
            "redefineModule", moduleType, Set.class, Map.class, Map.class, Set.class, Map.class)
        .invoke(
            instrumentation,
            javaBase,
            Collections.emptySet(),
            Collections.emptyMap(),
            opens,
            Collections.emptySet(),
            Collections.emptyMap());
  }

  @Override
  public Class<?> define(
      @Nullable ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain)
      throws ReflectiveOperationException {
    try {
      return (Class<?>)
          (intoAnyLoader
              ? define.invoke(null, loader, name, bytes, 0, bytes.length, domain, null)
              : define.invoke(unsafe, name, bytes, 0, bytes.length, loader, domain));
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof LinkageError) {
        throw (LinkageError) e.getCause();
      }
      throw e;
    }
  }
}

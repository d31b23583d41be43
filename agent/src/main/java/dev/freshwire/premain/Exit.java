package dev.freshwire.premain;

import java.lang.instrument.Instrumentation;
import java.lang.invoke.MethodHandle;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.util.Collections;
import java.util.Optional;

/**
 * Ends the JVM from within {@code premain}. From Java 26 on {@link Runtime#halt} waits there for a
 * minute: the JVM lets what it called of an agent come to its end first, and that is {@code
 * premain} itself. The C library does not wait.
 */
final class Exit {
  private static final int WAITS_FROM = 26;
  private static final String FOREIGN = "java.lang.foreign.";

  private Exit() {}

  static void now(int status, Instrumentation instrumentation) {
    try {
      if (feature() >= WAITS_FROM) {
        natively(status, instrumentation);
      }
    } catch (Throwable another) {
      // A JVM that is not as those that are known: it ends, if later.
    }
    Runtime.getRuntime().halt(status);
  }

  private static int feature() {
    String version = System.getProperty("java.specification.version", "");
    return version.startsWith("1.") ? 0 : Integer.parseInt(version);
  }

  /** By reflection, as Java 8 has none of this. Native access is allowed, or the JVM would warn. */
  private static void natively(int status, Instrumentation instrumentation) throws Throwable {
    Method module = Class.class.getMethod("getModule");
    Object own = module.invoke(Exit.class);
    for (Method method : Instrumentation.class.getMethods()) {
      if (method.getName().equals("redefineModule")) {
        method.invoke(
            instrumentation,
            module.invoke(Object.class),
            Collections.emptySet(),
            Collections.singletonMap("jdk.internal.access", Collections.singleton(own)),
            Collections.emptyMap(),
            Collections.emptySet(),
            Collections.emptyMap());
      }
    }
    Object access =
        Class.forName("jdk.internal.access.SharedSecrets")
            .getMethod("getJavaLangAccess")
            .invoke(null);
    Class.forName("jdk.internal.access.JavaLangAccess")
        .getMethod("addEnableNativeAccessToAllUnnamed")
        .invoke(access);

    Class<?> linkerType = foreign("Linker");
    Class<?> descriptorType = foreign("FunctionDescriptor");
    Object linker = linkerType.getMethod("nativeLinker").invoke(null);
    Object lookup = linkerType.getMethod("defaultLookup").invoke(linker);
    Object found = foreign("SymbolLookup").getMethod("find", String.class).invoke(lookup, "_exit");
    Object exit = Optional.class.getMethod("get").invoke(found);
    Object taking = Array.newInstance(foreign("MemoryLayout"), 1);
    Array.set(taking, 0, foreign("ValueLayout").getField("JAVA_INT").get(null));
    Object descriptor = descriptorType.getMethod("ofVoid", taking.getClass()).invoke(null, taking);
    Object options = Array.newInstance(foreign("Linker$Option"), 0);
    MethodHandle call =
        (MethodHandle)
            linkerType
                .getMethod(
                    "downcallHandle", foreign("MemorySegment"), descriptorType, options.getClass())
                .invoke(linker, exit, descriptor, options);
    call.invokeWithArguments(status);
  }

  private static Class<?> foreign(String name) throws ClassNotFoundException {
    return Class.forName(FOREIGN + name);
  }
}

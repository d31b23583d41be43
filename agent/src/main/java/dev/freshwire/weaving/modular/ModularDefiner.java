package dev.freshwire.weaving.modular;

import dev.freshwire.weaving.ClassDefiner;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import jdk.internal.access.JavaLangAccess;
import jdk.internal.access.SharedSecrets;
import org.jspecify.annotations.Nullable;

/**
 * Defines classes as the JDK's own classes do it, without reflection: {@code java.base} exports one
 * package to the agent's module and to no other, which the instrumentation API allows and which
 * prints nothing. {@code jdk.internal.access} is there since Java 12.
 */
final class ModularDefiner extends ClassDefiner {
  static {
    use(new ModularDefiner());
  }

  @Override
  protected void open(Instrumentation instrumentation) {
    Map<String, Set<Module>> exports =
        Collections.singletonMap(
            "jdk.internal.access", Collections.singleton(ModularDefiner.class.getModule()));
    instrumentation.redefineModule(
        Object.class.getModule(),
        Collections.emptySet(),
        exports,
        Collections.emptyMap(),
        Collections.emptySet(),
        Collections.emptyMap());
    access();
  }

  @Override
  public Class<?> define(
      @Nullable ClassLoader loader, String name, byte[] bytes, @Nullable ProtectionDomain domain) {
    return access().defineClass(loader, name, bytes, domain, null);
  }

  private static JavaLangAccess access() {
    return SharedSecrets.getJavaLangAccess();
  }
}

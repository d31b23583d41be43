package dev.freshwire.weaving;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The declarations of a client's classes in one loader, each read once, without loading any. */
final class ClientClasses {
  private final @Nullable ClassLoader loader;
  private final Map<String, @Nullable TargetClass> seen = new HashMap<>();

  /**
   * Knows one class already, the one that is being loaded.
   *
   * @param name its internal name
   */
  ClientClasses(@Nullable ClassLoader loader, String name, byte[] classFile) {
    this.loader = loader;
    seen.put(name, TargetClass.read(classFile));
  }

  /** The declarations of a class; null when the loader does not find it. */
  @Nullable TargetClass find(String name) throws IOException {
    if (!seen.containsKey(name)) {
      byte[] classFile = ClassFiles.find(loader, name);
      seen.put(name, classFile == null ? null : TargetClass.read(classFile));
    }
    return seen.get(name);
  }
}

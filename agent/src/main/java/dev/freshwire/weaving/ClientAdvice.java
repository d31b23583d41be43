package dev.freshwire.weaving;

import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;

/** The companions of a client as they are defined in its loaders, and the hooks among them. */
final class ClientAdvice {
  /**
   * Class files by simple name, in an order in which they can be defined: what a companion extends
   * comes before it, because the loader looks for that at once.
   */
  final Map<String, byte[]> classFiles = new LinkedHashMap<>();

  final Map<String, AdviceClass> hooks = new HashMap<>();
  final Set<String> purposes = new TreeSet<>();
  final Set<String> optionalPurposes = new TreeSet<>();

  private ClientAdvice() {}

  static ClientAdvice read(Client client) throws IOException {
    Map<String, byte[]> moved = new LinkedHashMap<>();
    for (String companion : client.companions) {
      moved.put(
          companion,
          Companion.moved(
              resource(client.resource(companion)), client.folderPrefix(), client.homePrefix()));
    }
    ClientAdvice result = new ClientAdvice();
    for (String companion : client.companions) {
      result.add(companion, client.homePrefix(), moved);
    }
    return result;
  }

  private void add(String companion, String homePrefix, Map<String, byte[]> moved) {
    byte[] classFile = moved.get(companion);
    if (classFile == null || classFiles.containsKey(companion)) {
      return;
    }
    ClassReader reader = new ClassReader(classFile);
    addSuperType(reader.getSuperName(), homePrefix, moved);
    for (String superType : reader.getInterfaces()) {
      addSuperType(superType, homePrefix, moved);
    }
    AdviceClass declared = AdviceClass.read(classFile);
    for (AdviceMethod method : declared.methods) {
      (method.optional ? optionalPurposes : purposes).add(String.valueOf(method.purpose));
    }
    hooks.put(companion, declared);
    classFiles.put(companion, classFile);
  }

  private void addSuperType(String superType, String homePrefix, Map<String, byte[]> moved) {
    if (superType.startsWith(homePrefix)) {
      add(superType.substring(homePrefix.length()), homePrefix, moved);
    }
  }

  private static byte[] resource(String name) throws IOException {
    try (InputStream in = ClientAdvice.class.getClassLoader().getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("the agent's jar has no " + name);
      }
      return ClassFiles.readFully(in);
    }
  }
}

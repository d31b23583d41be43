package dev.freshwire.weaving;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.bytebuddy.jar.asm.ClassReader;

/**
 * The step of the build that makes the companions of all clients out of their folders: moved to
 * where they are defined, with twins for their hooks, and an index of what they hook into and use.
 * Not in the agent's jar.
 */
public final class CompanionBuild {
  private final File classes;

  private CompanionBuild(File classes) {
    this.classes = classes;
  }

  /** Takes the folder of the compiled classes, and puts {@code companions/} there. */
  public static void main(String[] arguments) throws IOException {
    CompanionBuild build = new CompanionBuild(new File(arguments[0]));
    byte[] descriptions = build.read("clients.txt");
    Map<String, Client> clients = new TreeMap<>();
    for (Client client : Client.readAll(new ByteArrayInputStream(descriptions)).values()) {
      clients.put(client.name, client);
    }
    for (Client client : clients.values()) {
      build.make(client);
    }
  }

  private void make(Client client) throws IOException {
    Map<String, byte[]> moved = new LinkedHashMap<>();
    Map<String, AdviceClass> declared = new LinkedHashMap<>();
    Set<String> purposes = new TreeSet<>();
    for (String companion : client.companions) {
      byte[] classFile =
          Companion.moved(
              read(client.folderPrefix() + companion + ".class"),
              client.folderPrefix(),
              client.homePrefix());
      moved.put(companion, classFile);
      AdviceClass hooks = AdviceReader.read(classFile);
      declared.put(companion, hooks);
      for (AdviceMethod hook : hooks.methods) {
        purposes.add(String.valueOf(hook.purpose));
      }
    }
    ClientAdvice advice = new ClientAdvice();
    advice.numbered.addAll(purposes);
    for (String companion : client.companions) {
      add(companion, client, moved, declared, advice);
    }
    String folder = ClientAdvice.folder(client);
    for (Map.Entry<String, byte[]> companion : moved.entrySet()) {
      AdviceClass hooks = advice.hooks.get(companion.getKey());
      byte[] classFile = companion.getValue();
      write(
          folder + companion.getKey() + ".class",
          hooks == null
              ? classFile
              : Companion.withTwins(classFile, hooks, client.name, advice.numbered));
    }
    withoutRepetitions(client, advice);
    Words words = new Words();
    advice.tell(words);
    String index = words.toString();
    if (index.contains("dev/freshwire/")) {
      throw new IOException("names what is renamed in the jar: " + index);
    }
    write(folder + ClientAdvice.INDEX, index.getBytes(StandardCharsets.US_ASCII));
  }

  /** After what it extends. */
  private static void add(
      String companion,
      Client client,
      Map<String, byte[]> moved,
      Map<String, AdviceClass> declared,
      ClientAdvice advice) {
    byte[] classFile = moved.get(companion);
    AdviceClass hooks = declared.get(companion);
    if (classFile == null || hooks == null || advice.needs.containsKey(companion)) {
      return;
    }
    ClassReader reader = new ClassReader(classFile);
    Set<String> superTypes = new TreeSet<>();
    superTypes.add(reader.getSuperName());
    for (String superType : reader.getInterfaces()) {
      superTypes.add(superType);
    }
    for (String superType : superTypes) {
      if (superType.startsWith(client.homePrefix())) {
        String simpleName = superType.substring(client.homePrefix().length());
        add(simpleName, client, moved, declared, advice);
      }
    }
    advice.add(companion, NeedsReader.read(classFile, client.owns, client.homePrefix()), hooks);
  }

  /** What a companion needs that is there in every version, need not be asked for by another. */
  private static void withoutRepetitions(Client client, ClientAdvice advice) {
    Set<String> asked = new HashSet<>();
    for (Map.Entry<String, Needs> companion : advice.needs.entrySet()) {
      if (client.adviceBeside(companion.getKey()) == null) {
        withoutRepetitions(companion.getValue(), asked);
      }
    }
    for (Map.Entry<String, Needs> companion : advice.needs.entrySet()) {
      if (client.adviceBeside(companion.getKey()) != null) {
        // What is left alone when its class is absent answers for itself alone.
        withoutRepetitions(companion.getValue(), new HashSet<>(asked));
      }
    }
  }

  private static void withoutRepetitions(Needs needs, Set<String> asked) {
    Iterator<Map.Entry<String, List<String>>> owners = needs.members.entrySet().iterator();
    while (owners.hasNext()) {
      Map.Entry<String, List<String>> owner = owners.next();
      Iterator<String> members = owner.getValue().iterator();
      while (members.hasNext()) {
        if (!asked.add(owner.getKey() + ' ' + members.next())) {
          members.remove();
        }
      }
      if (owner.getValue().isEmpty()) {
        owners.remove();
      }
    }
  }

  private byte[] read(String name) throws IOException {
    try (InputStream in = new FileInputStream(new File(classes, name))) {
      return ClassFiles.readFully(in);
    }
  }

  private void write(String name, byte[] content) throws IOException {
    File file = new File(classes, name);
    File folder = file.getParentFile();
    if (!folder.isDirectory() && !folder.mkdirs()) {
      throw new IOException("cannot make " + folder);
    }
    try (OutputStream out = new FileOutputStream(file)) {
      out.write(content);
    }
  }
}

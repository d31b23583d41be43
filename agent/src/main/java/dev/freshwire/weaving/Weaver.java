package dev.freshwire.weaving;

import java.io.IOException;
import java.security.ProtectionDomain;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.WeakHashMap;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassWriter;
import org.jspecify.annotations.Nullable;

/**
 * Rewrites the classes of clients. The first class of a client in a loader decides for all: either
 * every purpose of the client has its place in this version, or the client is left alone.
 * Thread-safe.
 */
final class Weaver {
  private static final Object BOOT = new Object();

  private final ClassDefiner definer;
  private final WeavingListener listener;
  private final Map<Client, ClientAdvice> advice = new HashMap<>();
  private final Map<Object, Map<Client, Boolean>> woven = new WeakHashMap<>();

  Weaver(ClassDefiner definer, WeavingListener listener) {
    this.definer = definer;
    this.listener = listener;
  }

  /**
   * The rewritten class.
   *
   * @return null when the class is to stay as it is
   */
  byte @Nullable [] weave(
      Client client,
      @Nullable ClassLoader loader,
      String name,
      byte[] classFile,
      @Nullable ProtectionDomain domain) {
    try {
      ClientAdvice advice = adviceOf(client);
      if (!isEnforced(client, advice, loader, name, classFile, domain)) {
        return null;
      }
      byte[] rewritten = rewrite(client, advice, name, classFile);
      listener.rewritten(client.name, loader, name);
      return rewritten;
    } catch (IOException | ReflectiveOperationException | RuntimeException | LinkageError e) {
      listener.failed(client.name, name, e);
      return null;
    }
  }

  private synchronized ClientAdvice adviceOf(Client client) throws IOException {
    ClientAdvice result = advice.get(client);
    if (result == null) {
      result = ClientAdvice.read(client);
      advice.put(client, result);
    }
    return result;
  }

  private boolean isEnforced(
      Client client,
      ClientAdvice advice,
      @Nullable ClassLoader loader,
      String name,
      byte[] classFile,
      @Nullable ProtectionDomain domain)
      throws IOException, ReflectiveOperationException {
    Map<Client, Boolean> clients;
    synchronized (woven) {
      Object key = loader == null ? BOOT : loader;
      clients = woven.get(key);
      if (clients == null) {
        clients = new HashMap<>();
        woven.put(key, clients);
      }
    }
    // A lock for each loader: defining the companions may load classes in it.
    synchronized (clients) {
      Boolean known = clients.get(client);
      if (known != null) {
        return known;
      }
      String version = ClientVersion.find(client, loader);
      Set<String> without = new TreeSet<>(advice.optionalPurposes);
      String reason =
          reasonAgainst(client, advice, new ClientClasses(loader, name, classFile), without);
      clients.put(client, reason == null);
      if (reason != null) {
        listener.unsupported(client.name, version, loader, reason);
        return false;
      }
      Map<String, Integer> numbers = numbers(advice, without);
      try {
        for (Map.Entry<String, byte[]> companion : advice.classFiles.entrySet()) {
          AdviceClass hooks = advice.hooks.get(companion.getKey());
          byte[] classBytes = companion.getValue();
          if (hooks != null && !hooks.methods.isEmpty()) {
            classBytes = Companion.withTwins(classBytes, hooks, client.name, numbers);
          }
          definer.define(
              loader,
              client.companionName(companion.getKey()).replace('/', '.'),
              classBytes,
              domain);
        }
      } catch (ReflectiveOperationException | LinkageError e) {
        clients.put(client, false);
        throw e;
      }
      listener.enforced(client.name, version, loader, numbers, without);
      return true;
    }
  }

  /** Numbers for the purposes that are served, to count under: for each loader its own. */
  private Map<String, Integer> numbers(ClientAdvice advice, Set<String> without) {
    Set<String> served = new TreeSet<>(advice.purposes);
    served.addAll(advice.optionalPurposes);
    served.removeAll(without);
    int next = listener.numberHooks(served.size());
    Map<String, Integer> numbers = new TreeMap<>();
    for (String purpose : served) {
      numbers.put(purpose, next++);
    }
    return numbers;
  }

  /**
   * Why this version of the client cannot be enforced; null when it can.
   *
   * @param without optional purposes; those that have their place are taken out
   */
  private static @Nullable String reasonAgainst(
      Client client, ClientAdvice advice, ClientClasses classes, Set<String> without)
      throws IOException {
    Set<String> unserved = new TreeSet<>(advice.purposes);
    Set<String> present = new HashSet<>();
    for (Map.Entry<String, String> entry : client.advice.entrySet()) {
      TargetClass target = classes.find(entry.getKey());
      if (target != null) {
        present.add(entry.getValue());
        AdviceClass hooks = advice.hooks.get(entry.getValue());
        if (hooks != null) {
          Set<String> served = target.served(hooks);
          unserved.removeAll(served);
          without.removeAll(served);
        }
      }
    }
    if (!unserved.isEmpty()) {
      return "found no place for " + unserved;
    }
    Needs needs = new Needs(classes, client.owns, client.homePrefix());
    for (Map.Entry<String, byte[]> companion : advice.classFiles.entrySet()) {
      boolean adviceOfAbsentClass =
          client.advice.containsValue(companion.getKey()) && !present.contains(companion.getKey());
      String missing = adviceOfAbsentClass ? null : needs.missingFrom(companion.getValue());
      if (missing != null) {
        return "has no " + missing;
      }
    }
    return null;
  }

  private static byte[] rewrite(Client client, ClientAdvice advice, String name, byte[] classFile) {
    String companion = String.valueOf(client.advice.get(name));
    AdviceClass hooks = advice.hooks.get(companion);
    if (hooks == null) {
      throw new IllegalStateException("no advice for " + name);
    }
    ClassReader reader = ClassFiles.reader(classFile);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    HookWriter hookWriter =
        new HookWriter(
            writer,
            hooks.methods,
            client.companionName(companion),
            TargetClass.read(classFile).fields,
            TargetClass.locals(classFile, hooks));
    reader.accept(hookWriter, 0);
    return ClassFiles.withVersionOf(writer.toByteArray(), classFile);
  }
}

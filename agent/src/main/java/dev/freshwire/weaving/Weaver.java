package dev.freshwire.weaving;

import java.io.IOException;
import java.security.ProtectionDomain;
import java.util.Collections;
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
  private final Map<Object, Map<Client, Decision>> decisions = new WeakHashMap<>();

  /** A class lacks its hooks, and the listener has not been told. */
  private volatile boolean untold;

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
    boolean leftAlone = false;
    try {
      tell();
      Decision decision = decision(client, loader);
      Map<String, Set<String>> places = decision.places();
      if (places == null) {
        places = decided(decision, client, loader, name, classFile, domain);
      }
      leftAlone = places.isEmpty();
      if (leftAlone) {
        return null;
      }
      byte[] rewritten = rewrite(client, adviceOf(client), name, classFile, places.get(name));
      if (decision.mayTell(name)) {
        listener.rewritten(client.name, loader, name);
      }
      return rewritten;
    } catch (Throwable e) {
      // Whatever it is, a full stack and a full heap among it: the class goes without its hooks.
      // Where there is no room to say so either, the next one does.
      if (!leftAlone) {
        untold = true;
        tell();
      }
      listener.failed(client.name, name, e);
      return null;
    }
  }

  private void tell() {
    if (untold) {
      listener.incomplete();
      untold = false;
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

  private Decision decision(Client client, @Nullable ClassLoader loader) {
    synchronized (decisions) {
      Object key = loader == null ? BOOT : loader;
      Map<Client, Decision> clients = decisions.get(key);
      if (clients == null) {
        clients = new HashMap<>();
        decisions.put(key, clients);
      }
      Decision decision = clients.get(client);
      if (decision == null) {
        decision = new Decision();
        clients.put(client, decision);
      }
      return decision;
    }
  }

  /** The purposes that have their place in this loader, by class; none when the client has not. */
  private Map<String, Set<String>> decided(
      Decision decision,
      Client client,
      @Nullable ClassLoader loader,
      String name,
      byte[] classFile,
      @Nullable ProtectionDomain domain) {
    try {
      decide(decision, client, loader, name, classFile, domain);
    } catch (Throwable e) {
      // This class gets no hooks. Were others to get theirs, because a second look succeeds, they
      // would rely on what this one does not say.
      decision.failed = true;
      decision.leaveAlone();
      listener.failed(client.name, name, e);
    }
    Map<String, Set<String>> places = decision.places();
    return places == null ? Collections.emptyMap() : places;
  }

  /** Makes the decision; without a lock of ours, see there. */
  private void decide(
      Decision decision,
      Client client,
      @Nullable ClassLoader loader,
      String name,
      byte[] classFile,
      @Nullable ProtectionDomain domain)
      throws IOException, ReflectiveOperationException {
    ClientAdvice advice = adviceOf(client);
    ClientClasses classes = new ClientClasses(loader, name, classFile);
    if (!isHere(client, classes)) {
      decision.leaveAlone();
      return;
    }
    String version = ClientVersion.find(client, loader);
    Set<String> apart = apart(client, loader);
    Set<String> without = new TreeSet<>(advice.optionalPurposes);
    Map<String, Set<String>> places = new HashMap<>();
    String reason = reasonAgainst(client, advice, classes, apart, without, places);
    if (reason != null) {
      if (decision.leaveAlone()) {
        listener.unsupported(client.name, version, loader, reason);
      }
      return;
    }
    if (!decision.isPlanned()) {
      Map<String, Integer> numbers = numbers(advice, without);
      for (String library : apart) {
        without.add("what is in " + library + ": it has another class loader");
      }
      decision.plan(places, numbers, without);
    }
    int[] numbered = numbered(advice, decision.numbers());
    for (String companion : advice.needs.keySet()) {
      byte[] classBytes = ClientAdvice.classFile(client, companion);
      define(
          decision,
          loader,
          client.companionName(companion).replace('/', '.'),
          advice.hooks.containsKey(companion)
              ? CompanionFile.numbered(classBytes, numbered)
              : classBytes,
          domain);
    }
    if (decision.enforce()) {
      try {
        listener.enforced(client.name, version, loader, decision.numbers(), decision.without());
      } finally {
        for (String rewritten : decision.told()) {
          listener.rewritten(client.name, loader, rewritten);
        }
      }
    }
  }

  private void define(
      Decision decision,
      @Nullable ClassLoader loader,
      String companion,
      byte[] classBytes,
      @Nullable ProtectionDomain domain)
      throws ReflectiveOperationException {
    if (!decision.defines(companion)) {
      return;
    }
    LinkageError refused = null;
    boolean successfully = false;
    try {
      definer.define(loader, companion, classBytes, domain);
      successfully = true;
    } catch (LinkageError e) {
      refused = e;
    } finally {
      decision.hasDefined(companion, successfully);
    }
    if (refused != null && !decision.isDefined(companion)) {
      throw refused;
    }
  }

  /** Whether there is more than another library that the client uses. */
  private static boolean isHere(Client client, ClientClasses classes) throws IOException {
    for (String name : client.advice.keySet()) {
      if (!client.libraryOf.containsKey(name) && classes.find(name) != null) {
        return true;
      }
    }
    return false;
  }

  /** Libraries whose classes have another loader: there companions are not known. */
  private static Set<String> apart(Client client, @Nullable ClassLoader loader) {
    Set<String> apart = new TreeSet<>();
    for (Map.Entry<String, String> library : client.libraries.entrySet()) {
      try {
        if (Class.forName(library.getValue(), false, loader).getClassLoader() != loader) {
          apart.add(library.getKey());
        }
      } catch (ClassNotFoundException | LinkageError absent) {
        // Nor are the classes that would be rewritten.
      }
    }
    return apart;
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

  /** The numbers in the order in which companions name their purposes. */
  private static int[] numbered(ClientAdvice advice, Map<String, Integer> numbers) {
    int[] result = new int[advice.numbered.size()];
    for (int i = 0; i < result.length; i++) {
      Integer number = numbers.get(advice.numbered.get(i));
      // Hooks without a place are not called; were they, there would be nothing to count under.
      result[i] = number == null ? Integer.MAX_VALUE : number;
    }
    return result;
  }

  /**
   * Why this version of the client cannot be enforced; null when it can.
   *
   * @param apart libraries that are passed over
   * @param without optional purposes; those that have their place are taken out
   * @param places where they have it is put in here, by class
   */
  private static @Nullable String reasonAgainst(
      Client client,
      ClientAdvice advice,
      ClientClasses classes,
      Set<String> apart,
      Set<String> without,
      Map<String, Set<String>> places)
      throws IOException {
    for (String library : apart) {
      if (client.neededLibraries.contains(library)) {
        return library + " has another class loader";
      }
    }
    Set<String> unserved = new TreeSet<>(advice.purposes);
    Set<String> lacking = new TreeSet<>();
    Set<String> present = new HashSet<>();
    for (Map.Entry<String, String> entry : client.advice.entrySet()) {
      TargetClass target = classes.find(entry.getKey());
      if (target != null) {
        present.add(entry.getValue());
        AdviceClass hooks = advice.hooks.get(entry.getValue());
        if (hooks != null) {
          Set<String> served = target.served(hooks);
          if (apart.contains(client.libraryOf.getOrDefault(entry.getKey(), ""))) {
            // Not enforced, and said to be so.
            unserved.removeAll(served);
            continue;
          }
          places.put(entry.getKey(), served);
          unserved.removeAll(served);
          for (String purpose : everywhere(hooks)) {
            if (!served.contains(purpose)) {
              lacking.add(purpose);
            }
          }
          without.removeAll(served);
        }
      }
    }
    for (Map.Entry<String, AdviceClass> hooks : advice.hooks.entrySet()) {
      if (!present.contains(hooks.getKey())) {
        Set<String> absent = everywhere(hooks.getValue());
        absent.removeAll(advice.optionalPurposes);
        lacking.addAll(absent);
      }
    }
    unserved.addAll(lacking);
    if (!unserved.isEmpty()) {
      return "found no place for " + unserved;
    }
    for (Map.Entry<String, Needs> companion : advice.needs.entrySet()) {
      String beside = client.adviceBeside(companion.getKey());
      String missing =
          beside != null && !present.contains(beside)
              ? null
              : companion.getValue().missingFrom(classes, client.owns);
      if (missing != null) {
        return "has no " + missing;
      }
    }
    return null;
  }

  private static Set<String> everywhere(AdviceClass hooks) {
    Set<String> purposes = new TreeSet<>();
    for (AdviceMethod method : hooks.methods) {
      if (method.everywhere) {
        purposes.add(String.valueOf(method.purpose));
      }
    }
    return purposes;
  }

  /**
   * Writes the hooks into a class.
   *
   * @param places the purposes that the class was found to have a place for when it was read from
   *     its loader; it may have passed through the hands of another agent since
   */
  private static byte[] rewrite(
      Client client,
      ClientAdvice advice,
      String name,
      byte[] classFile,
      @Nullable Set<String> places) {
    String companion = String.valueOf(client.advice.get(name));
    AdviceClass hooks = advice.hooks.get(companion);
    if (hooks == null) {
      throw new IllegalStateException("no advice for " + name);
    }
    TargetClass target = TargetClass.read(classFile);
    Set<String> lost = places == null ? new TreeSet<>() : new TreeSet<>(places);
    lost.removeAll(target.served(hooks));
    if (!lost.isEmpty()) {
      throw new IllegalStateException("has no place for " + lost + " any more: it was changed");
    }
    ClassReader reader = ClassFiles.reader(classFile);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    HookWriter hookWriter =
        new HookWriter(
            writer,
            hooks.methods,
            client.companionName(companion),
            target.fields,
            target.locals(hooks));
    reader.accept(hookWriter, 0);
    return ClassFiles.withVersionOf(writer.toByteArray(), classFile);
  }
}

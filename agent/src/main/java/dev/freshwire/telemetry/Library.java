package dev.freshwire.telemetry;

import java.lang.ref.WeakReference;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import org.jspecify.annotations.Nullable;

/** One client library in one class loader. Does not keep the loader alive. */
public final class Library {
  final String client;
  final String version;

  /** The loader as people know it, with its identity where there may be several. */
  final String loaderName;

  /** Why it is left as it is; empty when its hooks have their place. */
  final String reason;

  /** The numbers that its hooks count under, by purpose. */
  final Map<String, Integer> hooks;

  final Set<String> without;
  final Set<String> rewritten = new ConcurrentSkipListSet<>();

  private final boolean boot;
  private final WeakReference<@Nullable ClassLoader> loader;

  Library(
      String client,
      String version,
      @Nullable ClassLoader loader,
      String reason,
      Map<String, Integer> hooks,
      Collection<String> without) {
    this.client = client;
    this.version = version;
    this.loaderName = nameOf(loader);
    this.reason = reason;
    this.hooks = new TreeMap<>(hooks);
    this.without = new TreeSet<>(without);
    this.boot = loader == null;
    this.loader = new WeakReference<>(loader);
  }

  boolean isEnforced() {
    return reason.isEmpty();
  }

  boolean is(String otherClient, @Nullable ClassLoader otherLoader) {
    return client.equals(otherClient) && (otherLoader == null ? boot : loader.get() == otherLoader);
  }

  private static String nameOf(@Nullable ClassLoader loader) {
    ClassLoader system = ClassLoader.getSystemClassLoader();
    if (loader == null) {
      return "boot";
    }
    if (loader == system) {
      return "app";
    }
    return loader == system.getParent()
        ? "platform"
        : loader.getClass().getName() + '@' + Integer.toHexString(System.identityHashCode(loader));
  }
}

package dev.freshwire.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The client libraries that were found, and the counters of their hooks. Thread-safe.
 *
 * <p>Bounded: an application server that redeploys all day gets entries for the first {@value
 * #LIMIT}; the hooks of later ones are not counted.
 */
public final class Libraries {
  static final int LIMIT = 200;
  private static final int HOOKS = LIMIT * 32;

  private final List<Library> libraries = new ArrayList<>();
  private LongAdder[] hits = {};

  /**
   * Makes room for the counters of some hooks.
   *
   * @return the number of the first; too high a number means "not counted"
   */
  public synchronized int numberHooks(int count) {
    int first = hits.length;
    if (first + count > HOOKS) {
      return HOOKS;
    }
    LongAdder[] grown = Arrays.copyOf(hits, first + count);
    for (int i = first; i < grown.length; i++) {
      grown[i] = new LongAdder();
    }
    hits = grown;
    return first;
  }

  /** The counters of all hooks, by their numbers. */
  public synchronized LongAdder[] hits() {
    return hits.clone();
  }

  /**
   * A library whose hooks have their place.
   *
   * @param hooks the numbers of its hooks, by purpose
   * @param without purposes that this version has no place for, and no need
   */
  public void enforced(
      String client,
      String version,
      @Nullable ClassLoader loader,
      Map<String, Integer> hooks,
      Collection<String> without) {
    add(new Library(client, version, loader, "", hooks, without));
  }

  /** A library that is left as it is, and why. */
  public void unsupported(
      String client, String version, @Nullable ClassLoader loader, String reason) {
    add(new Library(client, version, loader, reason, Collections.emptyMap(), new ArrayList<>()));
  }

  private synchronized void add(Library library) {
    if (libraries.size() < LIMIT) {
      libraries.add(library);
    }
  }

  /** A class of a library was rewritten. */
  public synchronized void rewritten(
      String client, @Nullable ClassLoader loader, String className) {
    for (Library library : libraries) {
      if (library.is(client, loader)) {
        library.rewritten.add(className);
      }
    }
  }

  /** What there is. */
  public synchronized List<Library> list() {
    return new ArrayList<>(libraries);
  }

  /** How often the hooks for a purpose ran in this library. */
  synchronized long hits(Library library, String purpose) {
    Integer number = library.hooks.get(purpose);
    return number == null || number >= hits.length ? 0 : hits[number].sum();
  }

  synchronized void reset() {
    for (LongAdder adder : hits) {
      adder.reset();
    }
  }
}

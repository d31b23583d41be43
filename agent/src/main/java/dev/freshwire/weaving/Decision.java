package dev.freshwire.weaving;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client in a class loader gets its hooks. Thread-safe.
 *
 * <p>Whoever asks before it is made makes it, also while another thread does: nobody waits for
 * that. Making it takes reading what the loader has and defining companions, for which the loader,
 * and the JVM on its behalf, take locks that a thread which loads a class in it may have. What the
 * first thread has planned counts for all.
 */
final class Decision {
  /**
   * How long a thread is given that has defined a companion and has not come to say so: it needs
   * nothing for it but its turn on a processor.
   */
  private static final long PATIENCE_NANOS = 1_000_000_000;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** By class the purposes that have their place; empty where the client is left alone. */
  private volatile @Nullable Map<String, Set<String>> places;

  /**
   * A class of the client has passed while this was being made, without hooks and for good. Set
   * before anything is called: on a stack that is full a call may fail once more.
   */
  volatile boolean failed;

  /** What is to hold once all companions are there. */
  private @Nullable Map<String, Set<String>> planned;

  private Map<String, Integer> numbers = Collections.emptyMap();
  private Collection<String> without = Collections.emptySet();

  private final Set<String> defined = new HashSet<>();

  /** By companion how many threads are defining it. */
  private final Map<String, Integer> defining = new HashMap<>();

  /** Classes rewritten before it was said that the client is enforced; null afterwards. */
  private @Nullable List<String> early = new ArrayList<>();

  /** By class the purposes that have their place; null before this is decided. */
  @Nullable Map<String, Set<String>> places() {
    if (failed && places == null) {
      leaveAlone();
    }
    return places;
  }

  /**
   * The client is left alone, unless this is decided already.
   *
   * @return whether it was not
   */
  synchronized boolean leaveAlone() {
    if (places != null) {
      return false;
    }
    places = Collections.emptyMap();
    return true;
  }

  /**
   * All companions are there: from here on hooks are written.
   *
   * @return whether this was not decided before
   */
  synchronized boolean enforce() {
    if (failed || places != null) {
      return false;
    }
    places = planned;
    return places != null;
  }

  /** Whether a thread has come as far as {@link #plan}. */
  synchronized boolean isPlanned() {
    return planned != null;
  }

  /**
   * Puts down what was found, if it is the first that was.
   *
   * @param found by class the purposes that have their place
   * @param counted the numbers that they count under
   * @param absent what there is no place for, and no need
   */
  synchronized void plan(
      Map<String, Set<String>> found, Map<String, Integer> counted, Collection<String> absent) {
    if (planned == null) {
      planned = found;
      numbers = counted;
      without = absent;
    }
  }

  /** The numbers that hooks count under, by purpose. */
  synchronized Map<String, Integer> numbers() {
    return numbers;
  }

  /** What there is no place for, and no need. */
  synchronized Collection<String> without() {
    return without;
  }

  /**
   * The calling thread is about to define a companion.
   *
   * @return false when that is there already
   */
  synchronized boolean defines(String companion) {
    if (defined.contains(companion)) {
      return false;
    }
    defining.put(companion, threadsDefining(companion) + 1);
    return true;
  }

  /** It has done so, or has not been able to. */
  synchronized void hasDefined(String companion, boolean successfully) {
    defining.put(companion, threadsDefining(companion) - 1);
    if (successfully) {
      defined.add(companion);
    }
    notifyAll();
  }

  private int threadsDefining(String companion) {
    Integer threads = defining.get(companion);
    return threads == null ? 0 : threads;
  }

  /**
   * Whether what the calling thread could not define is there by another's doing. If nobody else is
   * at it, it is another agent's.
   */
  synchronized boolean isDefined(String companion) {
    long end = System.nanoTime() + PATIENCE_NANOS;
    boolean interrupted = false;
    for (long left = PATIENCE_NANOS;
        left > 0 && !defined.contains(companion) && threadsDefining(companion) > 0;
        left = end - System.nanoTime()) {
      try {
        wait(left / NANOS_PER_MILLI + 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return defined.contains(companion);
  }

  /**
   * A class was rewritten.
   *
   * @return whether that can be told; otherwise {@link #told} remembers it
   */
  synchronized boolean mayTell(String className) {
    List<String> untold = early;
    return untold == null || !untold.add(className);
  }

  /**
   * It was said that the client is enforced.
   *
   * @return the classes that were rewritten before
   */
  synchronized List<String> told() {
    List<String> untold = early;
    early = null;
    return untold == null ? Collections.emptyList() : untold;
  }
}

package dev.freshwire.it.faults;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What one server saw, counted as it happens. Safe for use by several threads. */
public final class Ledger {
  private int accepted;
  private final NavigableSet<Integer> open = new TreeSet<>();
  private int fullHandshakes;
  private int idleFaults;
  private int arrivals;
  private final Map<String, Integer> arrivalsById = new HashMap<>();
  private final Map<String, Integer> appliedById = new HashMap<>();

  /** Connections accepted, those whose TLS handshake was then dropped included. */
  public synchronized int accepted() {
    return accepted;
  }

  /**
   * Connections that the client has not closed yet, as far as the server can see: one that the
   * server finished (FIN) counts until the client closes its side too; one that it reset does not.
   */
  public synchronized int open() {
    return open.size();
  }

  /** The same of those that came after the connection of this number. */
  public synchronized int openAfter(int number) {
    return open.tailSet(number, false).size();
  }

  /** Their numbers, which are those in which they came. */
  public synchronized List<Integer> openNumbersAfter(int number) {
    return List.copyOf(open.tailSet(number, false));
  }

  /** TLS handshakes in which the server had to present its certificate: not resumed ones. */
  public synchronized int fullHandshakes() {
    return fullHandshakes;
  }

  /** Faults done to a connection after its response, those that found it closed included. */
  public synchronized int idleFaults() {
    return idleFaults;
  }

  /** All requests whose head arrived. */
  public synchronized int arrivals() {
    return arrivals;
  }

  /** How often the request with this {@code X-Request-Id} arrived. */
  public synchronized int arrivals(String id) {
    return arrivalsById.getOrDefault(id, 0);
  }

  /** How often the request with this id was processed: for a write, how often it was applied. */
  public synchronized int applied(String id) {
    return appliedById.getOrDefault(id, 0);
  }

  /** The requests that were applied more than once, with their counts. */
  public synchronized Map<String, Integer> appliedTwice() {
    Map<String, Integer> twice = new LinkedHashMap<>();
    appliedById.forEach(
        (id, times) -> {
          if (times > 1) {
            twice.put(id, times);
          }
        });
    return twice;
  }

  /**
   * Waits until the condition holds, looking each time something is counted.
   *
   * @return whether it held within the time
   */
  public synchronized boolean await(Duration atMost, Predicate<Ledger> condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.test(this)) {
      long left = (deadline - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return false;
      }
      try {
        wait(left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }

  synchronized int connectionAccepted() {
    open.add(++accepted);
    notifyAll();
    return accepted;
  }

  synchronized void connectionClosed(int number) {
    open.remove(number);
    notifyAll();
  }

  synchronized void fullHandshake() {
    fullHandshakes++;
    notifyAll();
  }

  synchronized void idleFault() {
    idleFaults++;
    notifyAll();
  }

  synchronized int arrived(String id) {
    arrivals++;
    notifyAll();
    return arrivalsById.merge(id, 1, Integer::sum);
  }

  synchronized void applied(String id, int times) {
    appliedById.merge(id, times, Integer::sum);
    notifyAll();
  }

  @Override
  public synchronized String toString() {
    return "accepted "
        + accepted
        + ", open "
        + open.size()
        + ", arrivals "
        + arrivalsById
        + ", applied "
        + appliedById;
  }
}

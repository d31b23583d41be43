package dev.freshwire.it.twin;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Counts connections and requests as the server sees them. Thread-safe. */
public final class Traffic {

  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger open = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Map<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();
  private final Set<Integer> answered = ConcurrentHashMap.newKeySet();

  /** TCP connections accepted since the start. */
  public int connectionsAccepted() {
    return accepted.get();
  }

  /** TCP connections open now. */
  public int connectionsOpen() {
    return open.get();
  }

  /** Requests of any kind that arrived, WebSocket upgrades included. */
  public int requests() {
    return requests.get();
  }

  /** Requests refused with 401: no key, a wrong key, or a wrong token. */
  public int unauthorized() {
    return refused.get();
  }

  /** How often a request with this {@code X-Request-Id} arrived. */
  public int arrivals(String requestId) {
    AtomicInteger count = arrivals.get(requestId);
    return count == null ? 0 : count.get();
  }

  /**
   * Whether a response was completed on the connection that the peer opened from this local port. A
   * streamed one counts once it ends, an upgrade never. Forgotten when the port connects anew.
   */
  public boolean answered(int peerPort) {
    return answered.contains(peerPort);
  }

  void connectionOpened(int peerPort) {
    answered.remove(peerPort);
    accepted.incrementAndGet();
    open.incrementAndGet();
  }

  void connectionClosed() {
    open.decrementAndGet();
  }

  void requestArrived(@Nullable String requestId) {
    requests.incrementAndGet();
    if (requestId != null) {
      arrivals.computeIfAbsent(requestId, id -> new AtomicInteger()).incrementAndGet();
    }
  }

  void requestAnswered(int peerPort) {
    answered.add(peerPort);
  }

  void requestRefused() {
    refused.incrementAndGet();
  }
}

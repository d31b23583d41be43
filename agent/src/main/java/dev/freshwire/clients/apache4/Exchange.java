package dev.freshwire.clients.apache4;

import dev.freshwire.bridge.Enforcer;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpHost;
import org.apache.http.HttpResponse;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * The exchange that this thread is in the middle of: from the lease of a connection to its answer.
 */
public final class Exchange {
  private static final ThreadLocal<Exchange> CURRENT = new ThreadLocal<>();

  private final HttpRoute route;
  private final HttpClientContext context;
  private final @Nullable Exchange outer;

  /** Whether the answer was a step of a handshake that goes on over the same connection. */
  private boolean handshake;

  private Exchange(HttpRoute route, HttpClientContext context, @Nullable Exchange outer) {
    this.route = route;
    this.context = context;
    this.outer = outer;
  }

  /** An exchange begins on this thread. */
  public static void begin(HttpRoute route, HttpClientContext context) {
    CURRENT.set(new Exchange(route, context, CURRENT.get()));
  }

  /** It has ended: its connection may still be read from. */
  public static void end() {
    Exchange ended = CURRENT.get();
    if (ended != null && ended.outer != null) {
      CURRENT.set(ended.outer);
    } else {
      CURRENT.remove();
    }
  }

  /** The one that this thread is in the middle of. */
  public static @Nullable Exchange current() {
    return CURRENT.get();
  }

  /** Whether an open connection that comes out of the pool is not for this exchange. */
  public boolean refuses(HttpClientConnection connection) {
    int reuse = reuse();
    if (reuse == Enforcer.FREELY || !connection.isOpen()) {
      return false;
    }
    Attempts attempts = Attempts.of(context);
    return reuse == Enforcer.FRESH || attempts == null || !attempts.mayTake(connection);
  }

  /** Whether the connection has to be closed after the answer. */
  public boolean closesAfterUse() {
    int reuse = reuse();
    boolean once =
        reuse == Enforcer.FRESH || (reuse == Enforcer.CHECKED && Attempts.of(context) == null);
    return once && !handshake;
  }

  private int reuse() {
    HttpHost target = route.getTargetHost();
    Enforcer enforcer = Enforcer.inCharge();
    return enforcer == null
        ? Enforcer.FREELY
        : enforcer.reuse(target.getHostName(), target.getPort());
  }

  /** An answer has come. */
  public void answered(HttpResponse response) {
    handshake = Handshake.continues(response, route, context);
  }
}

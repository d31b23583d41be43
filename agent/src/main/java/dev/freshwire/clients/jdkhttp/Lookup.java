package dev.freshwire.clients.jdkhttp;

import dev.freshwire.bridge.Enforcer;
import java.io.EOFException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Which connection an attempt is given: one of the client's pool, one that was made ahead of time,
 * or a new one. The pool of HTTP/1.1 is not told for which request it is asked, and is asked in the
 * thread that began to look.
 */
public final class Lookup {
  /** Says that there is to be no look into the pool. */
  static final Object NOTHING = new Object();

  /** Of the request for which this thread is looking for a connection. */
  private static final ThreadLocal<Lookup> LOOKING = new ThreadLocal<>();

  private final Attempts attempts;
  private final HttpRequest request;

  /** Whose connection it will be. */
  private final Object client;

  /** A spare connection that the client was given. */
  private @Nullable Object spare;

  private Lookup(Attempts attempts, HttpRequest request, Object client) {
    this.attempts = attempts;
    this.request = request;
    this.client = client;
  }

  /** This thread begins to look for a connection for {@code request} of {@code client}. */
  public static void looking(Object client, HttpRequest request) {
    Attempts attempts = Identity.get(request);
    if (attempts == null) {
      LOOKING.remove();
    } else {
      LOOKING.set(new Lookup(attempts, request, client));
    }
  }

  /** It has found or made {@code connection}, or failed to. */
  public static void looked(@Nullable Object connection) {
    Lookup lookup = LOOKING.get();
    LOOKING.remove();
    Object spare = lookup == null ? null : lookup.spare;
    if (lookup != null && spare != null && spare != connection) {
      // The client has looked at it once more, and has closed it; or never saw it.
      Internals.close(spare);
      URI uri = lookup.request.uri();
      lookup.attempts.enforcer().spareGone(uri.getHost(), Connections.port(uri), false);
    }
  }

  /**
   * What a request is to have instead of what is in the pool of HTTP/1.1 connections: a spare
   * connection, {@link #NOTHING}, or null, when it may look there.
   */
  public static @Nullable Object instead(String host, int port) {
    Lookup lookup = LOOKING.get();
    if (lookup == null) {
      return Enforcer.mayReuse(host, port) ? null : NOTHING;
    }
    int reuse = lookup.attempts.enforcer().reuse(host, port);
    if (reuse == Enforcer.FRESH) {
      Enforcer enforcer = lookup.attempts.enforcer();
      lookup.spare =
          prewarms(lookup.attempts, lookup.request)
              ? Spares.take(enforcer, lookup.client, lookup.request, false)
              : null;
      return lookup.spare == null ? NOTHING : lookup.spare;
    }
    return reuse == Enforcer.CHECKED && !lookup.attempts.mayReuse() ? NOTHING : null;
  }

  /** Whether what the pool of HTTP/1.1 connections offers was not fit, and is closed. */
  public static boolean dropped(Object found) {
    Lookup lookup = LOOKING.get();
    if (lookup == null || reuse(lookup.request) != Enforcer.CHECKED) {
      return false;
    }
    URI uri = lookup.request.uri();
    boolean fit =
        lookup
            .attempts
            .enforcer()
            .fit(uri.getHost(), Connections.port(uri), found, Internals.channel(found), false);
    if (!fit) {
      Internals.close(found);
    }
    return !fit;
  }

  /** A spare connection of HTTP/2, as the client itself would have it; null when there is none. */
  static @Nullable CompletableFuture<?> http2Spare(
      Object client2, HttpRequest request, Object exchange) {
    Attempts attempts = Identity.get(request);
    if (attempts == null
        || !prewarms(attempts, request)
        || !Spares.speaksHttp2(client2, request)
        || !Internals.negotiatesHttp2(client2, request, exchange)) {
      return null;
    }
    Object spare = Spares.take(attempts.enforcer(), Internals.clientOf(client2), request, true);
    if (spare == null) {
      return null;
    }
    // As with one that is being made: until the request has its stream, cancelling closes it.
    SpareInternals.abortsWith(exchange, Internals.transport(spare));
    return CompletableFuture.completedFuture(spare);
  }

  /** A spare connection of HTTP/2 that the client was not given. */
  static void withheld(CompletableFuture<?> spare) {
    Internals.shutDown(spare.join(), new EOFException("a spare connection that is not used"));
  }

  private static boolean prewarms(Attempts attempts, HttpRequest request) {
    URI uri = request.uri();
    return attempts.mayReuse()
        && uri.getHost() != null
        && attempts.enforcer().prewarms(uri.getHost(), Connections.port(uri));
  }

  /** Whether {@code request} may go through this pooled connection, which others use as well. */
  static boolean mayShare(HttpRequest request, Object transport) {
    Attempts attempts = Identity.get(request);
    URI uri = request.uri();
    return attempts != null
        && attempts.mayReuse()
        && attempts.enforcer().knows(transport)
        && attempts
            .enforcer()
            .fit(
                uri.getHost(),
                Connections.port(uri),
                transport,
                Internals.channel(transport),
                true);
  }

  /** What pooling there may be for {@code request}. */
  static int reuse(HttpRequest request) {
    URI uri = request.uri();
    Enforcer enforcer = Attempts.enforcer(request);
    return enforcer == null || uri == null || uri.getHost() == null
        ? Enforcer.FREELY
        : enforcer.reuse(uri.getHost(), Connections.port(uri));
  }
}

package dev.freshwire.clients.jdkhttp;

import dev.freshwire.bridge.Enforcer;
import java.io.EOFException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpRequest;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/** What is known about connections and streams besides what they know themselves. Thread-safe. */
public final class Connections {
  private static final String NO_CIPHER = "SSL_NULL_WITH_NULL_NULL";

  /** False: it is used no more than once more, but more than one request may have it already. */
  private static final Map<Object, Boolean> SINGLE_USE =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Connections that no request was sent on yet. */
  private static final Map<Object, Boolean> UNUSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  private static final Map<Object, Boolean> UNPROCESSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  private Connections() {}

  /** The port that {@code uri} means. */
  public static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /** The address of a host that is tried after {@code failed} others. */
  static InetSocketAddress address(InetSocketAddress first, int failed) {
    // With a proxy it is the proxy's business.
    if (failed == 0 || first.isUnresolved()) {
      return first;
    }
    try {
      InetAddress[] all = InetAddress.getAllByName(first.getHostString());
      return new InetSocketAddress(all[failed % all.length], first.getPort());
    } catch (UnknownHostException e) {
      return first;
    }
  }

  /** A connection was made for {@code request}, or found in the pool. */
  public static void made(Object connection, HttpRequest request) {
    URI uri = request.uri();
    // What opens a tunnel has no URI; its connection becomes one of the request that wanted it.
    String host = uri == null ? null : uri.getHost();
    Enforcer enforcer = Attempts.enforcer(request);
    if (uri == null || host == null || enforcer == null || !enforcer.inScope(host, port(uri))) {
      return;
    }
    // Those of HTTP/3 stay as they are.
    if (!Internals.isTcp(connection)) {
      return;
    }
    if (!Internals.isConnected(connection)) {
      UNUSED.put(connection, true);
    }
    if (enforcer.reuse(host, port(uri)) == Enforcer.FRESH) {
      SINGLE_USE.put(connection, true);
    }
  }

  /** A connection, of either version of HTTP, that is to serve one request. */
  static void useOnce(Object connection) {
    SINGLE_USE.put(connection, true);
  }

  /** Whether {@code connection}, of either version of HTTP, serves one request. */
  public static boolean isSingleUse(Object connection) {
    return SINGLE_USE.containsKey(connection);
  }

  /** Whether no request was sent on it yet; asked by the first that is. */
  static boolean isFresh(Object connection) {
    return UNUSED.remove(connection) != null;
  }

  /**
   * Whether an HTTP/2 connection may not be shared.
   *
   * @return true when it serves the request that it was made for and no other
   */
  public static boolean keepOutOfPool(Object client, Object http2) {
    if (!isSingleUse(Internals.transport(http2))) {
      return false;
    }
    Spares.spoken(client, http2);
    SINGLE_USE.put(http2, true);
    Internals.setFinal(http2);
    return true;
  }

  /** Takes out of the pool what is there for the origin of {@code request} and may not carry it. */
  public static void evict(HttpRequest request, Object client, Map<String, ?> pool) {
    int reuse = Lookup.reuse(request);
    if (reuse == Enforcer.FREELY) {
      return;
    }
    String key = Internals.poolKey(request);
    Object http2 = pool.get(key);
    if (http2 == null
        || (reuse == Enforcer.CHECKED && Lookup.mayShare(request, Internals.transport(http2)))) {
      return;
    }
    if (Internals.removeFromPool(client, pool, key, http2)) {
      // Not made final: the client itself would close it before what has reserved a stream sends.
      SINGLE_USE.put(http2, false);
      if (Internals.streams(http2).isEmpty()) {
        idle(http2);
      }
    }
  }

  /** An HTTP/2 connection has no streams any more. */
  public static void idle(Object http2) {
    if (!isSingleUse(http2)) {
      Enforcer.idle(Internals.transport(http2));
    } else if (!Internals.isReserved(http2)) {
      shutDown(http2);
    }
  }

  /**
   * An attempt has ended whose request did not leave. Where it was cancelled between the connection
   * and its stream's number, the stream is no stream of the connection, and its end would not be
   * the end of that.
   */
  static void unsent(@Nullable Object exchange) {
    if (exchange != null && Internals.isHttp2(exchange)) {
      Object http2 = Internals.http2(exchange);
      if (Boolean.TRUE.equals(SINGLE_USE.get(http2))) {
        shutDown(http2);
      }
    }
  }

  /** Closes an HTTP/2 connection that has no streams. */
  private static void shutDown(Object http2) {
    Internals.shutDown(http2, new EOFException("its only request is done"));
  }

  /** The server did not process the request of this stream (RFC 9113, 8.7). */
  public static void unprocessed(Object stream) {
    UNPROCESSED.put(stream, true);
  }

  /**
   * What is known of the version of HTTP after the handshake of a connection. Where that was broken
   * off, the client would have the request, and all later ones, go out in HTTP/1.1: this one on the
   * same connection, and others meanwhile to a server that may have HTTP/2 only.
   */
  static CompletableFuture<?> negotiated(Object connection, CompletableFuture<?> negotiated) {
    if (!UNUSED.containsKey(connection)) {
      return negotiated;
    }
    return negotiated.handle(
        (nothing, failure) -> {
          if (failure == null) {
            return nothing;
          }
          if (Internals.saysNoHttp2(Outcome.cause(failure)) && isBeforeHandshake(connection)) {
            Internals.close(connection);
            throw new CompletionException(new EOFException("the server ended the TLS handshake"));
          }
          throw failure instanceof CompletionException
              ? (CompletionException) failure
              : new CompletionException(failure);
        });
  }

  /** Whether there is TLS that did not come about, so that nothing of a request can have left. */
  static boolean isBeforeHandshake(Object connection) {
    SSLEngine engine = Internals.engine(connection);
    return engine != null && engine.getSession().getCipherSuite().equals(NO_CIPHER);
  }

  /** Whether the server said that it did not process the request of this exchange. */
  static boolean isUnprocessed(Object exchange) {
    return UNPROCESSED.containsKey(exchange) || Internals.isUnprocessed(exchange);
  }
}

package dev.freshwire.clients.jdkhttp;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.Liveness;
import dev.freshwire.bridge.SpareSource;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Makes spare connections of one client to one origin, through the same proxy, in one version of
 * HTTP. They are made as the client makes its own, short of the request, so that its SSLContext,
 * parameters and executor are asked; its filters, for cookies and authentication, have no part in
 * it. While it waits, a spare of HTTP/1.1 is watched as the client watches what is in its pool: the
 * end, or a byte that nobody asked for, closes it. Thread-safe.
 */
public final class Spares extends SpareSource {
  /** Connecting ends by the client's own timer; this is for when its executor is stuck. */
  private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** That timer ends with the client, which tells nobody: how often it is asked whether it has. */
  private static final int LOOK_MILLIS = 500;

  /** What it takes and this JDK has not, so that none are made; null: it has it all. */
  private static final @Nullable String MISSING = missing();

  /** Spares that no request was sent on yet, by what carries it in either version of HTTP. */
  private static final Map<Object, Boolean> UNUSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Where a client, the part of it that speaks HTTP/2, has found servers that do. */
  private static final Map<Object, Set<String>> HTTP_2 =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Enforcer enforcer;
  private final Object client;
  private final boolean http2;
  private final URI origin;
  private final String host;
  private final int port;
  private final @Nullable InetSocketAddress proxy;
  private final @Nullable String proxyAuthorization;

  private Spares(Enforcer enforcer, Object client, HttpRequest request, boolean http2) {
    URI uri = request.uri();
    this.enforcer = enforcer;
    this.client = client;
    this.http2 = http2;
    this.host = uri.getHost();
    this.port = Connections.port(uri);
    this.origin = URI.create(uri.getScheme() + "://" + host + ':' + port + '/');
    this.proxy = SpareInternals.proxy(request);
    this.proxyAuthorization = proxy == null ? null : SpareInternals.proxyAuthorization(request);
  }

  /** A connection for {@code request}, which has to find one; null when there is none. */
  static @Nullable Object take(
      Enforcer enforcer, Object client, HttpRequest request, boolean http2) {
    if (MISSING != null) {
      enforcer.makesNoSpares("java.net.http", MISSING);
      return null;
    }
    // With credentials of its own for the proxy a request has a tunnel of its own.
    if (request.headers().firstValue("Proxy-Authorization").isPresent()) {
      return null;
    }
    Spares spares = new Spares(enforcer, client, request, http2);
    Object taken = enforcer.spare(spares.host, spares.port, spares);
    if (taken == null || !http2) {
      return taken;
    }
    if (!SpareInternals.reserveStream(taken)) {
      spares.close(taken);
      enforcer.spareGone(spares.host, spares.port, false);
      return null;
    }
    Connections.useOnce(taken);
    Internals.setFinal(taken);
    return taken;
  }

  private static @Nullable String missing() {
    try {
      return SpareInternals.areThere() ? null : "";
    } catch (LinkageError unknownVersion) {
      Throwable cause = unknownVersion.getCause();
      return String.valueOf(cause == null ? unknownVersion : cause.getMessage());
    }
  }

  /** A client has made a connection of HTTP/2 by itself. */
  static void spoken(Object client2, Object http2) {
    String key = Internals.key(http2);
    if (key != null) {
      HTTP_2.computeIfAbsent(client2, none -> ConcurrentHashMap.newKeySet()).add(key);
    }
  }

  /** Whether it ever did to the server of {@code request}. */
  static boolean speaksHttp2(Object client2, HttpRequest request) {
    Set<String> servers = HTTP_2.get(client2);
    return servers != null && servers.contains(Internals.poolKey(request));
  }

  /** Whether the first request is about to be sent on a connection that was a spare. */
  static boolean isFirstUse(Object connection) {
    return UNUSED.remove(connection) != null;
  }

  @Override
  public Object make() throws Exception {
    Object request = SpareInternals.newRequest(origin, proxy, proxyAuthorization);
    Object call = SpareInternals.newCall(request, client);
    Object made = http2 ? connectHttp2(request, call) : connect(request, call);
    Object transport = http2 ? Internals.transport(made) : made;
    // What the hooks know of any new connection, now that it is there.
    Connections.isFresh(transport);
    Connections.useOnce(transport);
    enforcer.connectionOpened(host, port, transport);
    UNUSED.put(transport, true);
    return made;
  }

  private Object connectHttp2(Object request, Object call) throws Exception {
    return await(SpareInternals.connectHttp2(request, client, call), call);
  }

  private Object connect(Object request, Object call) throws Exception {
    Object connection = SpareInternals.newConnection(request, client, call);
    boolean done = false;
    try {
      if (Internals.isConnected(connection)) {
        throw new IOException("one out of the pool");
      }
      await(SpareInternals.connect(connection, call), call);
      SpareInternals.watch(connection, client);
      done = true;
      return connection;
    } finally {
      if (!done) {
        Internals.close(connection);
      }
    }
  }

  private <T> T await(CompletableFuture<T> connecting, Object call) throws Exception {
    long began = System.nanoTime();
    boolean done = false;
    try {
      while (true) {
        try {
          T connected = connecting.get(LOOK_MILLIS, TimeUnit.MILLISECONDS);
          done = true;
          return connected;
        } catch (TimeoutException e) {
          if (isOver() || System.nanoTime() - began > LONGEST_NANOS) {
            throw e;
          }
        }
      }
    } finally {
      if (!done) {
        // Closes what there is of it, such as a connection to a server that has no HTTP/2 any more.
        Internals.cancel(call, new IOException("no spare connection came of it"));
      }
    }
  }

  @Override
  public boolean isAlive(Object spare) {
    Object transport = http2 ? Internals.transport(spare) : spare;
    // Under TLS there are bytes, session tickets, that the client reads some time or other.
    boolean talks = http2 || Internals.engine(transport) != null;
    return SpareInternals.isOpen(transport)
        && !(http2 && SpareInternals.isFinal(spare))
        && Liveness.of(Internals.channel(transport), talks) == Liveness.ALIVE;
  }

  @Override
  public void close(Object spare) {
    if (http2) {
      Internals.shutDown(spare, new EOFException("a spare connection that is not used"));
    } else {
      Internals.close(spare);
    }
  }

  @Override
  public boolean isOver() {
    return SpareInternals.isStopped(client);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Spares
        && ((Spares) other).client == client
        && ((Spares) other).http2 == http2
        && ((Spares) other).origin.equals(origin)
        && Objects.equals(((Spares) other).proxy, proxy);
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(client) * 31 + origin.hashCode();
  }
}

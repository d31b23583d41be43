package dev.freshwire.clients.urlconnection;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.Liveness;
import dev.freshwire.bridge.SpareSource;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.WeakHashMap;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import sun.net.www.http.HttpClient;
import sun.net.www.protocol.http.HttpURLConnection;

/**
 * Makes spare connections to one origin, by one socket factory, hostname verifier and proxy, as the
 * request that wants one would: the JDK's own {@code New} without a look into its cache, and then
 * the handshake. A request takes one for a connection out of that cache. Thread-safe.
 */
public final class Spares extends SpareSource {
  /** For a handshake where the policy has no limit. */
  private static final int LONGEST = 60_000;

  /** At most so long is waited for what a TLS server sends after its handshake. */
  private static final int SETTLING = 100;

  /** Spares that no request was sent on yet. */
  private static final Map<HttpClient, Boolean> UNUSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The spare that this thread is about to find in the cache. */
  private static final ThreadLocal<HttpClient> FOUND = new ThreadLocal<>();

  private final URL origin;
  private final @Nullable SSLSocketFactory factory;
  private final @Nullable HostnameVerifier verifier;
  private final @Nullable Proxy proxy;
  private final int connectTimeout;

  private Spares(
      URL origin,
      @Nullable SSLSocketFactory factory,
      @Nullable HostnameVerifier verifier,
      @Nullable Proxy proxy,
      int connectTimeout) {
    this.origin = origin;
    this.factory = factory;
    this.verifier = verifier;
    this.proxy = proxy;
    this.connectTimeout = connectTimeout;
  }

  /**
   * Looks for a spare connection for a request that would not look into the cache otherwise.
   *
   * @param factory null without TLS
   * @return whether there is one, which the next look into the cache finds
   */
  static boolean look(
      Enforcer enforcer,
      URL url,
      HttpURLConnection connection,
      @Nullable SSLSocketFactory factory,
      @Nullable HostnameVerifier verifier,
      @Nullable Proxy proxy,
      int connectTimeout) {
    // What opens a tunnel is a request of its own.
    if (factory != null && proxy != null && proxy.type() == Proxy.Type.HTTP) {
      return false;
    }
    URL origin;
    try {
      origin = new URL(url, "/");
    } catch (MalformedURLException e) {
      return false;
    }
    Spares spares = new Spares(origin, factory, verifier, proxy, connectTimeout);
    HttpClient spare = (HttpClient) enforcer.spare(url.getHost(), Attempts.port(url), spares);
    if (spare == null) {
      return false;
    }
    Internals.belongsTo(spare, connection);
    FOUND.set(spare);
    return true;
  }

  /** What this thread is to find in the cache; null when it is to look there. */
  public static @Nullable HttpClient found() {
    return FOUND.get();
  }

  /** The request has {@code client}, and has asked the cache if it was going to. */
  static void looked(Enforcer enforcer, URL url, @Nullable HttpClient client) {
    HttpClient found = FOUND.get();
    if (found == null) {
      return;
    }
    FOUND.remove();
    if (found != client) {
      found.closeServer();
      enforcer.spareGone(url.getHost(), Attempts.port(url), false);
    }
  }

  /** Whether the first request is about to be sent on a connection that was a spare. */
  static boolean isFirstUse(HttpClient client) {
    return UNUSED.remove(client) != null;
  }

  @Override
  public Object make() throws IOException {
    long start = System.nanoTime();
    HttpClient made =
        factory == null
            ? HttpClient.New(origin, proxy, connectTimeout, false, null)
            : Internals.newHttps(factory, origin, verifier, proxy, connectTimeout);
    boolean good = factory == null;
    try {
      if (!good) {
        shakeHands(made, start);
        good = true;
      }
    } finally {
      if (!good) {
        made.closeServer();
      }
    }
    UNUSED.put(made, true);
    return made;
  }

  private static void shakeHands(HttpClient made, long startNanos) throws IOException {
    // The server gets no longer for it than it gets to connect.
    int most = made.getConnectTimeout();
    made.setReadTimeout(most > 0 ? most : LONGEST);
    made.afterConnect();
    int connecting = (int) ((System.nanoTime() - startNanos) / 1_000_000);
    if (!Liveness.isSilent(Internals.socket(made), Math.max(1, Math.min(SETTLING, connecting)))) {
      throw new IOException("the server ended it or spoke first");
    }
    // As of any other; the request sets its own.
    made.setReadTimeout(-1);
  }

  @Override
  public boolean isAlive(Object spare) {
    Socket socket = Internals.socket((HttpClient) spare);
    // What has arrived may be one more ticket.
    return Liveness.of(socket, false) == Liveness.ALIVE
        || (socket instanceof SSLSocket && Liveness.isSilent(socket, 1));
  }

  @Override
  public void close(Object spare) {
    ((HttpClient) spare).closeServer();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Spares
        && ((Spares) other).factory == factory
        && ((Spares) other).verifier == verifier
        && Objects.equals(((Spares) other).proxy, proxy)
        && ((Spares) other).origin.getProtocol().equalsIgnoreCase(origin.getProtocol())
        && ((Spares) other).origin.getHost().equalsIgnoreCase(origin.getHost())
        && Attempts.port(((Spares) other).origin) == Attempts.port(origin);
  }

  @Override
  public int hashCode() {
    return origin.getHost().toLowerCase(java.util.Locale.ROOT).hashCode() * 31
        + Attempts.port(origin);
  }
}

package dev.freshwire.clients.urlconnection;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.PrintStream;
import java.lang.ref.WeakReference;
import java.net.Proxy;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import sun.net.www.MessageHeader;
import sun.net.www.http.HttpClient;
import sun.net.www.http.PosterOutputStream;
import sun.net.www.protocol.http.HttpURLConnection;

/**
 * The attempts of one request; a redirect, or the answer to a challenge, is a request of its own.
 * Belongs to the {@code HttpClient} that the request goes through, which connects again for every
 * attempt, as in the JDK's own replay. Used by one thread at a time, but for {@link #cancel}.
 */
public final class Attempts {
  private static final String RETRY_COUNT = "X-Retry-Count";

  /** A response of this type goes on for as long as it likes. */
  private static final String EVENTS = "text/event-stream";

  /** The attempts of a request whose {@code HttpClient} this thread is just making. */
  private static final ThreadLocal<Attempts> BEGINNING = new ThreadLocal<>();

  /** Who answers for that request, in scope or not. */
  private static final ThreadLocal<Enforcer> BEGINNING_BY = new ThreadLocal<>();

  private static final Map<HttpClient, Attempts> OF =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** Who answers for the request that a connection serves, in scope or not. */
  private static final Map<HttpClient, Enforcer> BY =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Enforcer enforcer;
  private final URL url;
  private final Call policy;
  private final String method;

  /** Weak: it refers to the key under which this is kept. */
  private final WeakReference<HttpURLConnection> connection;

  private boolean spareGiven;
  private boolean answered;
  private boolean pooled;
  private boolean replayed;
  private boolean numbered;
  private boolean readTimeoutApplied;
  private int readTimeoutBefore;
  private int connectTimeout;
  private boolean handshaking;
  private int readTimeout;
  private @Nullable Throwable earlier;

  /** The status line of the answer before, where the JDK still has it when it reads the next. */
  private @Nullable String before;

  private volatile boolean cancelled;
  private volatile @Nullable Thread waiting;

  private Attempts(
      Enforcer enforcer, URL url, Call policy, String method, HttpURLConnection connection) {
    this.enforcer = enforcer;
    this.url = url;
    this.policy = policy;
    this.method = method;
    this.connection = new WeakReference<>(connection);
  }

  /** The port that {@code url} means. */
  public static int port(URL url) {
    return url.getPort() < 0 ? url.getDefaultPort() : url.getPort();
  }

  /** The attempts of the request that {@code client} serves; null out of scope. */
  public static @Nullable Attempts of(HttpClient client) {
    return OF.get(client);
  }

  /**
   * A request wants a connection.
   *
   * @param connection null where HTTP only carries another protocol: then there is nothing to retry
   */
  public static void begin(URL url, @Nullable HttpURLConnection connection) {
    Internals.areThere();
    Enforcer enforcer = Enforcer.inCharge();
    Attempts attempts =
        connection == null || enforcer == null
            ? null
            : of(enforcer, url, connection, connection.getRequestMethod());
    if (attempts == null) {
      BEGINNING.remove();
    } else {
      BEGINNING.set(attempts);
      attempts.policy.attempting();
    }
    if (enforcer == null) {
      BEGINNING_BY.remove();
    } else {
      BEGINNING_BY.set(enforcer);
    }
  }

  private static @Nullable Attempts of(
      Enforcer enforcer, URL url, HttpURLConnection connection, String method) {
    Call policy =
        enforcer.begin(
            method,
            url.getHost(),
            port(url),
            url.toString(),
            connection.getRequestProperty(RETRY_COUNT) != null,
            connection.getRequestProperty("Idempotency-Key") != null);
    return policy == null ? null : new Attempts(enforcer, url, policy, method, connection);
  }

  private static int reuse(@Nullable Enforcer enforcer, URL url) {
    return enforcer == null ? Enforcer.FREELY : enforcer.reuse(url.getHost(), port(url));
  }

  /** Whether the request that is beginning may look for a connection in the cache. */
  public static boolean mayLook(URL url) {
    return reuse(BEGINNING_BY.get(), url) != Enforcer.FRESH;
  }

  /** Whether there is a spare connection for the request that is beginning, as if in the cache. */
  public static boolean hasSpare(
      URL url,
      @Nullable SSLSocketFactory factory,
      @Nullable HostnameVerifier verifier,
      @Nullable Proxy proxy,
      int connectTimeout) {
    Attempts attempts = BEGINNING.get();
    HttpURLConnection connection = attempts == null ? null : attempts.connection.get();
    if (attempts == null
        || connection == null
        || !attempts.policy.mayReuse()
        || !attempts.enforcer.prewarms(url.getHost(), port(url))) {
      return false;
    }
    attempts.spareGiven =
        Spares.look(attempts.enforcer, url, connection, factory, verifier, proxy, connectTimeout);
    return attempts.spareGiven;
  }

  /** Whether the connection may be cached when its request is done. */
  public static boolean mayKeep(HttpClient client, URL url) {
    // While it is being made it is not known yet.
    Enforcer enforcer = BY.get(client);
    return reuse(enforcer == null ? BEGINNING_BY.get() : enforcer, url) != Enforcer.FRESH;
  }

  /** Whether what the cache offers to the request that is beginning was not fit, and is closed. */
  public static boolean dropped(URL url, @Nullable HttpClient found) {
    Enforcer enforcer = BEGINNING_BY.get();
    if (found == null
        || enforcer == null
        || enforcer.reuse(url.getHost(), port(url)) != Enforcer.CHECKED
        || enforcer.fit(url.getHost(), port(url), found, Internals.socket(found), false)) {
      return false;
    }
    found.closeServer();
    return true;
  }

  /** The request has got its connection, a new one or one from the pool. */
  public static void begun(@Nullable HttpClient client) {
    Attempts attempts = BEGINNING.get();
    Enforcer enforcer = BEGINNING_BY.get();
    BEGINNING.remove();
    BEGINNING_BY.remove();
    if (attempts != null && attempts.spareGiven) {
      Spares.looked(attempts.enforcer, attempts.url, client);
    }
    if (client == null) {
      return;
    }
    if (enforcer == null) {
      BY.remove(client);
    } else {
      BY.put(client, enforcer);
    }
    if (attempts != null) {
      OF.put(client, attempts);
    } else {
      OF.remove(client);
    }
  }

  /** Milliseconds to connect where the application sets none, which it may not be able to read. */
  static final class DefaultTimeout implements PrivilegedAction<Integer> {
    @Override
    public Integer run() {
      return Integer.getInteger("sun.net.client.defaultConnectTimeout", 0);
    }
  }

  /** {@code client} is about to connect. */
  public static void connecting(HttpClient client, URL url) {
    int millis = client.getConnectTimeout();
    int unlessSet = millis < 0 ? AccessController.doPrivileged(new DefaultTimeout()) : millis;
    Attempts attempts = connectingAs(client, url);
    if (attempts != null) {
      attempts.connectTimeout = millis;
    }
    Enforcer enforcer = connectingBy(client);
    int capped =
        attempts != null
            ? attempts.policy.connectTimeout(unlessSet)
            : enforcer != null
                ? enforcer.cappedConnectTimeout(url.getHost(), port(url), unlessSet)
                : unlessSet;
    if (capped != unlessSet) {
      client.setConnectTimeout(capped);
    }
  }

  /**
   * {@code client} has connected, or failed to.
   *
   * @return whether to connect again
   */
  public static boolean connectAgain(HttpClient client, URL url, @Nullable Throwable thrown) {
    Attempts attempts = connectingAs(client, url);
    Enforcer enforcer = connectingBy(client);
    if (thrown == null && enforcer != null) {
      enforcer.connectionOpened(url.getHost(), port(url), client);
    }
    if (attempts == null) {
      return false;
    }
    client.setConnectTimeout(attempts.connectTimeout);
    if (!(thrown instanceof IOException) || !attempts.failedUnsent(thrown)) {
      return false;
    }
    attempts.policy.attempting();
    connecting(client, url);
    return true;
  }

  private static @Nullable Attempts connectingAs(HttpClient client, URL url) {
    Attempts beginning = BEGINNING.get();
    return beginning != null && beginning.url == url ? beginning : of(client);
  }

  private static @Nullable Enforcer connectingBy(HttpClient client) {
    Enforcer beginning = BEGINNING_BY.get();
    return beginning != null ? beginning : BY.get(client);
  }

  /**
   * The server gets no longer for the handshake, nor a proxy for the tunnel, than it gets to
   * connect.
   */
  public void handshaking(HttpClient client) {
    readTimeout = client.getReadTimeout();
    handshaking = true;
    client.setReadTimeout(policy.connectTimeout(readTimeout));
  }

  private void handshakeEnded(HttpClient client) {
    // Not where the hook failed that is asked when it begins.
    if (handshaking) {
      handshaking = false;
      client.setReadTimeout(readTimeout);
    }
  }

  /**
   * The handshake is done, or has failed.
   *
   * @return whether to shake hands again, for which there is a new connection then
   */
  public boolean handshakeAgain(HttpClient client, @Nullable Throwable thrown) throws IOException {
    handshakeEnded(client);
    if (!(thrown instanceof IOException)) {
      return false;
    }
    if (!failedUnsent(thrown)) {
      if (policy.enforced()) {
        // The JDK leaves it to the garbage collector.
        client.closeServer();
      }
      return false;
    }
    policy.attempting();
    reopen(client);
    handshaking(client);
    return true;
  }

  /** The same of a tunnel, which is asked for again on a new connection to the proxy then. */
  private boolean tunnelAgain(
      HttpClient client, MessageHeader request, MessageHeader response, @Nullable Throwable thrown)
      throws IOException {
    handshakeEnded(client);
    if (cancelled || !(thrown instanceof IOException) || !failedUnsent(thrown)) {
      return false;
    }
    // Half a head of the proxy's would pass for the server's answer.
    response.reset();
    policy.attempting();
    Internals.reopen(client);
    handshaking(client);
    client.writeRequests(request, null);
    return true;
  }

  private boolean failedUnsent(Throwable thrown) {
    long wait = policy.afterFailure(thrown, false, true, false);
    remember(thrown);
    return wait != Enforcer.NO_RETRY && await(wait);
  }

  private void remember(Throwable thrown) {
    if (earlier != null && earlier != thrown) {
      thrown.addSuppressed(earlier);
    }
    earlier = thrown;
  }

  /**
   * {@code request} is about to be written.
   *
   * @return null out of scope, and for what opens a tunnel
   */
  public static @Nullable Attempts sending(
      HttpClient client, @Nullable URL url, MessageHeader request) {
    Attempts attempts = of(client);
    if (attempts == null || url == null || opensTunnel(request)) {
      return null;
    }
    String method = method(request);
    // The answer to a challenge goes through the same connection, and what was begun with connect()
    // became a POST when the application asked for the stream to write to.
    if (attempts.answered || !attempts.method.equals(method)) {
      HttpURLConnection connection = attempts.connection.get();
      attempts = connection == null ? null : of(attempts.enforcer, url, connection, method);
      if (attempts == null) {
        OF.remove(client);
        return null;
      }
      OF.put(client, attempts);
      attempts.policy.attempting();
    }
    // The client comes here twice where one overload calls the other.
    if (!attempts.policy.sent()) {
      boolean spare = Spares.isFirstUse(client);
      if (spare) {
        attempts.enforcer.spareGone(url.getHost(), port(url), true);
      }
      attempts.pooled = attempts.enforcer.carries(url.getHost(), port(url), client) || spare;
    }
    attempts.policy.sending();
    int number = attempts.policy.attempt();
    if (number > 0
        && attempts.policy.enforced()
        && (attempts.numbered || request.findValue(RETRY_COUNT) == null)) {
      attempts.numbered = true;
      request.set(RETRY_COUNT, Integer.toString(number));
    }
    return attempts;
  }

  /** Whether {@code request} is to a proxy, and opens the way for one to the server. */
  public static boolean opensTunnel(MessageHeader request) {
    String line = request.getKey(0);
    return line != null && line.startsWith("CONNECT ");
  }

  private static String method(MessageHeader request) {
    String line = request.getKey(0);
    int end = line == null ? -1 : line.indexOf(' ');
    return line == null || end < 0 ? "" : line.substring(0, end);
  }

  /**
   * Negative is what the JDK says for "never set", other than 0; a default by system property is
   * somebody's choice, too.
   */
  public void applyReadTimeout(HttpClient client) {
    HttpURLConnection connection = this.connection.get();
    if (!readTimeoutApplied) {
      // Only then is it not ours; the client comes here twice for some requests.
      readTimeoutBefore = client.getReadTimeout();
    }
    int left = policy.callTimeout(client.getReadTimeout());
    if (left != client.getReadTimeout()) {
      // The nearest thing that this client has to a limit of the whole call.
      readTimeoutApplied = true;
      client.setReadTimeout(left);
    }
    if (connection == null
        || client.getReadTimeout() > 0
        || Internals.readTimeout(connection) >= 0) {
      return;
    }
    int millis = enforcer.defaultReadTimeout(url.getHost(), port(url), 0);
    if (millis > 0) {
      readTimeoutApplied = true;
      client.setReadTimeout(millis);
    }
  }

  /**
   * A request that could not be written is one that was sent, and there may be an answer to it. So
   * the JDK, which would send it once more, is kept from noticing, and goes on to read.
   */
  public static void written(HttpClient client, MessageHeader request) {
    Attempts attempts = of(client);
    if (attempts == null || !attempts.policy.enforced() || opensTunnel(request)) {
      return;
    }
    HttpURLConnection connection = attempts.connection.get();
    if (connection != null && ((PrintStream) client.getOutputStream()).checkError()) {
      Internals.forgetWriteError(connection);
    }
  }

  /** {@code response} is about to be read, and may still be that of another request. */
  public void reading(MessageHeader response) {
    before = response.getValue(0);
  }

  /**
   * The response's head has been read, or something failed.
   *
   * @return whether to read again, for which the request has been sent again then
   */
  public boolean exchangeAgain(
      HttpClient client,
      HttpURLConnection connection,
      MessageHeader request,
      @Nullable PosterOutputStream body,
      boolean streaming,
      MessageHeader response,
      @Nullable Throwable thrown)
      throws IOException {
    if (opensTunnel(request)) {
      return tunnelAgain(client, request, response, thrown);
    }
    long wait;
    if (thrown == null) {
      wait = policy.afterResponse(status(response), response.findValue("Retry-After"), !streaming);
      if (wait == Enforcer.NO_RETRY) {
        answered(client, request, response);
        return false;
      }
      Internals.abandonResponse(client);
      client.closeServer();
      // Otherwise getResponseCode would answer out of it whatever is thrown.
      response.reset();
      if (!await(wait)) {
        throw cancelled
            ? new SocketException("Socket closed")
            : new InterruptedIOException("interrupted before the next attempt");
      }
    } else {
      if (hasBegun(response) || cancelled || !(thrown instanceof IOException)) {
        return false;
      }
      wait = policy.afterFailure(thrown, false, !streaming, pooled);
      if (wait == Enforcer.NO_RETRY && replays(streaming, thrown)) {
        replayed = true;
        wait = 0;
      }
      remember(thrown);
      if (wait == Enforcer.NO_RETRY || !await(wait)) {
        return false;
      }
    }
    policy.attempting();
    reopen(client);
    client.afterConnect();
    client.writeRequests(request, body);
    return true;
  }

  /**
   * Whether {@code response} is one to this request. What it was before stays in there until there
   * are bytes of the next, and is what the JDK hands on when there never are, so it is let be.
   */
  @SuppressWarnings("ReferenceEquality") // Two answers may well say the same.
  private boolean hasBegun(MessageHeader response) {
    String line = response.getValue(0);
    return line != null && line != before;
  }

  /** Whether the JDK would send the request again, and may. */
  private boolean replays(boolean streaming, Throwable thrown) {
    return !replayed
        && !streaming
        && !(thrown instanceof SocketTimeoutException)
        && (!method.equals("POST") || Internals.retriesPost())
        && !policy.suppressReplay();
  }

  private void answered(HttpClient client, MessageHeader request, MessageHeader response) {
    answered = true;
    earlier = null;
    if (numbered) {
      request.remove(RETRY_COUNT);
    }
    String type = response.findValue("Content-Type");
    if (readTimeoutApplied
        && type != null
        && type.regionMatches(true, 0, EVENTS, 0, EVENTS.length())) {
      // Negative, never set, would leave the socket as it is.
      client.setReadTimeout(Math.max(0, readTimeoutBefore));
    }
  }

  private static int status(MessageHeader response) {
    String line = response.getValue(0);
    int start = line == null ? -1 : line.indexOf(' ') + 1;
    int status = 0;
    for (int i = start; line != null && start > 0 && i < start + 3 && i < line.length(); i++) {
      status = status * 10 + Character.digit(line.charAt(i), 10);
    }
    return status;
  }

  private void reopen(HttpClient client) throws IOException {
    Internals.reopen(client);
    HttpURLConnection connection = this.connection.get();
    if (connection != null && client.needsTunneling()) {
      connection.doTunneling();
    }
  }

  /** Ends a wait, and lets nothing more be sent. */
  public void cancel() {
    cancelled = true;
    LockSupport.unpark(waiting);
  }

  /** Waits; false when the application disconnected or its thread was interrupted meanwhile. */
  private boolean await(long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    waiting = Thread.currentThread();
    try {
      while (!cancelled && !Thread.currentThread().isInterrupted()) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return true;
        }
        LockSupport.parkNanos(this, left);
      }
      return false;
    } finally {
      waiting = null;
    }
  }
}

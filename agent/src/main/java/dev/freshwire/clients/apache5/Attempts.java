package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.RouteInfo;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request; a redirect's next hop is a request of its own. Found by the context
 * of the exchange, which every part of the client is given; an application may give the same one to
 * several requests at a time. Used by one thread at a time.
 */
public abstract class Attempts {
  /** How soon a wait notices that the application does not want the answer any more. */
  public static final long TICK_MILLIS = 50;

  private static final String KEY = "freshwire.attempts";

  /** Connection managers that were closed. */
  private static final Map<Object, Boolean> CLOSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  /** The innermost classic request of this thread whose context another one may have, too. */
  private static final ThreadLocal<Running> RUNNING = new ThreadLocal<>();

  /** The connection that is being made on this thread. */
  private static final ThreadLocal<HttpClientContext> CONNECTING = new ThreadLocal<>();

  protected final Call policy;
  private final HttpRoute route;
  private volatile @Nullable Object manager;

  /** The connection that was given a read timeout, and what it had before. */
  private volatile @Nullable HttpConnection timed;

  /** The same where the client has its sessions without a connection around them. */
  private volatile @Nullable IOSession timedSession;

  private volatile @Nullable Timeout timeoutBefore;

  private volatile @Nullable IOSession session;
  private volatile boolean tunnelling;

  /** Whether the answer was a step of a handshake that goes on over the same connection. */
  private volatile boolean handshake;

  /** The connection of the attempt under way; null: none yet, or one that cannot be found. */
  private volatile @Nullable HttpConnection connection;

  /** Whether that served a request before. */
  private volatile boolean pooled;

  /** See {@link #failedWithin}. */
  private boolean within;

  /** The attempts of one request. */
  protected Attempts(Call policy, HttpRoute route) {
    this.policy = policy;
    this.route = route;
  }

  /** Those that the exchange with this context belongs to; null out of scope. */
  public static @Nullable Attempts of(@Nullable HttpContext context) {
    Running running = RUNNING.get();
    return running != null && running.context == context ? running.attempts : noted(context);
  }

  /** Those that were noted in the context last, whosever thread this is. */
  static @Nullable Attempts noted(@Nullable HttpContext context) {
    Object found = context == null ? null : context.getAttribute(KEY);
    return found instanceof Attempts ? (Attempts) found : null;
  }

  /** Makes these the attempts of the exchanges with this context; null ends them. */
  public static void put(HttpContext context, @Nullable Attempts attempts) {
    if (attempts != null) {
      context.setAttribute(KEY, attempts);
    } else if (context.getAttribute(KEY) != null) {
      context.removeAttribute(KEY);
    }
  }

  /**
   * Makes these, or none, the attempts of the exchanges that have this context on this thread.
   *
   * @return what to {@link #leave} with
   */
  static @Nullable Object enter(HttpContext context, @Nullable Attempts attempts) {
    Running outer = RUNNING.get();
    RUNNING.set(new Running(context, attempts));
    return outer;
  }

  /** They have ended. */
  static void leave(@Nullable Object outer) {
    if (outer == null) {
      RUNNING.remove();
    } else {
      RUNNING.set((Running) outer);
    }
  }

  /** Another request begins on this thread, perhaps within an attempt of one that runs there. */
  static void beginsAnother() {
    Running running = RUNNING.get();
    if (running != null && running.attempts != null) {
      running.attempts.within = true;
    }
  }

  /** The request is about to be written, after all interceptors. */
  public void writing() {
    within = false;
  }

  /**
   * Whether an interceptor has made a request of its own since the last step of this one towards
   * its server. What fails then is the interceptor's; another attempt would make that request
   * again, and it may have been a write. Of classic requests only.
   */
  boolean failedWithin() {
    return within;
  }

  /** What runs on a thread. */
  static final class Running {
    private final HttpContext context;
    private final @Nullable Attempts attempts;

    Running(HttpContext context, @Nullable Attempts attempts) {
      this.context = context;
      this.attempts = attempts;
    }
  }

  /** What the policy has to say about this request; null when nothing. */
  public static @Nullable Call begin(HttpRequest request, HttpRoute route) {
    HttpHost target = route.getTargetHost();
    // An upgrade is the beginning of a conversation that only the application can begin again.
    if (!Enforcer.covers(target.getHostName(), target.getPort())
        || request.containsHeader("Upgrade")) {
      return null;
    }
    String path = request.getPath();
    return Enforcer.call(
        request.getMethod(),
        target.getHostName(),
        target.getPort(),
        target.toURI() + (path == null ? "/" : path),
        request.containsHeader("X-Retry-Count"),
        request.containsHeader("Idempotency-Key"));
  }

  /** An attempt begins. */
  protected void attempting() {
    connection = null;
    pooled = false;
    within = false;
    policy.attempting();
  }

  /** Whether the attempt under way is on a connection that was not made for it. */
  protected boolean isPooled() {
    return pooled;
  }

  /** Whether a connection that comes out of the pool may carry the attempt. */
  boolean mayTake(HttpConnection found) throws IllegalAccessException {
    HttpHost target = target();
    Enforcer enforcer = Enforcer.inCharge();
    return enforcer != null
        && policy.mayReuse()
        && enforcer.knows(found)
        && enforcer.fit(
            target.getHostName(),
            target.getPort(),
            found,
            Connections.transport(found),
            Connections.isShared(found));
  }

  /** The attempt has this connection; null: one that cannot be found. */
  void takes(@Nullable HttpConnection taken) {
    connection = taken;
  }

  /** From here on the request may reach the server; a tunnel is opened before that. */
  public void sending() {
    if (tunnelling) {
      return;
    }
    policy.sending();
    HttpConnection carrying = connection;
    Enforcer enforcer = Enforcer.inCharge();
    if (carrying != null && enforcer != null) {
      HttpHost target = target();
      pooled = enforcer.carries(target.getHostName(), target.getPort(), carrying);
      // After a GOAWAY the client goes on saying that it is open.
      if (Connections.isShared(carrying)
          && !Enforcer.mayReuse(target.getHostName(), target.getPort())) {
        usedOnce();
      }
    }
  }

  /** The connection of the attempt is not to be used again. */
  protected void usedOnce() {}

  /** Whether what is sent next is the CONNECT of a tunnel, whose connection stays. */
  public void tunnelling(boolean connect) {
    tunnelling = connect;
  }

  /** A repeated request says so, as Supabase's own clients do. */
  public void mark(HttpRequest request) {
    if (policy.attempt() > 0 && !request.containsHeader("X-Retry-Count")) {
      request.setHeader("X-Retry-Count", Integer.toString(policy.attempt()));
    }
  }

  /** How long to wait before the request is to be sent again instead of handing this out. */
  public long afterResponse(HttpResponse response, boolean repeatable) {
    Header retryAfter = response.getFirstHeader("Retry-After");
    return policy.afterResponse(
        response.getCode(), retryAfter == null ? null : retryAfter.getValue(), repeatable);
  }

  /** Whether the client must not send again by itself. */
  public boolean suppressesReplay() {
    return policy.suppressReplay();
  }

  /** An answer has come. */
  public void answered(HttpResponse response, HttpClientContext context) {
    handshake = tunnelling || Handshake.continues(response, route, context);
  }

  /** Whether the next exchange has to be on the connection of the one before. */
  public boolean continuesHandshake() {
    return handshake;
  }

  /** The read timeout of this connection is about to be set, because the application chose none. */
  public void readTimeout(HttpConnection connection, @Nullable Timeout before) {
    timed = connection;
    timeoutBefore = before;
  }

  /** The same of a session that no connection is around. */
  public void readTimeout(IOSession session, @Nullable Timeout before) {
    timedSession = session;
    timeoutBefore = before;
  }

  /** Gives a response that goes on for as long as it likes the client's own timeout back. */
  public void exemptFromReadTimeout() {
    HttpConnection connection = timed;
    IOSession session = timedSession;
    Timeout before = timeoutBefore == null ? Timeout.DISABLED : timeoutBefore;
    if (connection != null) {
      connection.setSocketTimeout(before);
      timed = null;
    }
    if (session != null) {
      session.setSocketTimeout(before);
      timedSession = null;
    }
  }

  /** The request goes out over this session. */
  public void sentOver(IOSession over) {
    session = over;
  }

  /** Whether the server has said that it processed nothing of what that session carried. */
  protected boolean leftOut() {
    IOSession over = session;
    return over != null && GoneAway.processedNothing(over);
  }

  /** The manager that the connections come from. */
  public void leasedFrom(Object connectionManager) {
    manager = connectionManager;
  }

  /** A connection manager was closed, so its client is. */
  public static void closed(Object connectionManager) {
    CLOSED.put(connectionManager, true);
  }

  /** Whether the client was closed. */
  protected boolean isClosed() {
    Object from = manager;
    return from != null && CLOSED.containsKey(from);
  }

  /** A connection is about to be made on this thread. */
  public static void connecting(HttpClientContext context) {
    CONNECTING.set(context);
  }

  /** The context of the exchange that the connection is for that is being made on this thread. */
  static @Nullable HttpClientContext connectingFor() {
    return CONNECTING.get();
  }

  /** Those that the connection is for that is being made on this thread. */
  public static @Nullable Attempts connecting() {
    return of(CONNECTING.get());
  }

  /** It was made, or failed, or is under way elsewhere. */
  public static void notConnecting() {
    CONNECTING.remove();
  }

  /** A connection was made for the exchange with this context, whose runtime has it. */
  public static void opened(HttpClientContext context, Object runtime)
      throws IllegalAccessException {
    Attempts attempts = of(context);
    Enforcer enforcer = Enforcer.inCharge();
    if (attempts != null && enforcer != null) {
      HttpConnection made = Connections.of(runtime);
      HttpHost target = attempts.target();
      attempts.takes(made);
      enforcer.connectionOpened(target.getHostName(), target.getPort(), made);
    }
  }

  /**
   * The time that connecting may take.
   *
   * @param millis as the application or the library has it; 0 waits for ever
   * @param firstHop the host that is connected to: a proxy, or the target
   */
  public static int connectTimeout(int millis, HttpHost firstHop) {
    HttpClientContext context = CONNECTING.get();
    Attempts attempts = connecting();
    if (attempts != null) {
      attempts.within = false;
      return attempts.policy.connectTimeout(millis);
    }
    RouteInfo route = context == null ? null : context.getHttpRoute();
    HttpHost target = route == null ? firstHop : route.getTargetHost();
    return Enforcer.connectTimeout(target.getHostName(), target.getPort(), millis);
  }

  /** The host and port that this is for. */
  public HttpHost target() {
    return route.getTargetHost();
  }
}

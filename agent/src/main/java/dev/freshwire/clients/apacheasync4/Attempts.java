package dev.freshwire.clients.apacheasync4;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.http.ConnectionClosedException;
import org.apache.http.Header;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.conn.ManagedNHttpClientConnection;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.nio.reactor.IOSession;
import org.apache.http.nio.reactor.ssl.SSLIOSession;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request. What ends one is kept from the client's handler, and after a wait,
 * for which no thread is held, the handler is made to ask for a connection once more.
 */
public final class Attempts implements Waits.Waiting {
  /** How soon a wait notices that the application does not want the answer any more. */
  static final long TICK_MILLIS = 50;

  /** Connection managers that were shut down. */
  private static final Map<Object, Boolean> CLOSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Call policy;
  private final Exchange exchange;
  private final HttpRequest request;
  private final HttpRoute route;
  private final Header[] headers;
  private final Timeouts timeouts = new Timeouts();

  /** Between two attempts. */
  private volatile boolean waiting;

  /** How long to wait when the response that is thrown away has ended. */
  private volatile long waitAfterResponse = Enforcer.NO_RETRY;

  /** Whether no attempt is going to follow. */
  private volatile boolean last;

  /** Whether the connection of the attempt under way served a request before. */
  private volatile boolean pooled;

  private volatile @Nullable IOException earlier;

  /** The thread that is about to close the handler, for a timeout that it was not told of. */
  private volatile @Nullable Thread closing;

  private Attempts(Call policy, Exchange exchange, HttpRequest request, HttpRoute route) {
    this.policy = policy;
    this.exchange = exchange;
    this.request = request;
    this.route = route;
    this.headers = request.getAllHeaders();
  }

  /** Begins a request; null out of scope. */
  static @Nullable Attempts begin(Exchange exchange, HttpRequest request, HttpRoute route) {
    HttpHost target = route.getTargetHost();
    // An upgrade is the beginning of a conversation that only the application can begin again.
    if (!Enforcer.covers(target.getHostName(), target.getPort())
        || request.containsHeader("Upgrade")) {
      return null;
    }
    String uri = request.getRequestLine().getUri();
    Call policy =
        Enforcer.call(
            request.getRequestLine().getMethod(),
            target.getHostName(),
            target.getPort(),
            uri.startsWith("/") ? target.toURI() + uri : uri,
            request.containsHeader("X-Retry-Count"),
            request.containsHeader("Idempotency-Key"));
    if (policy == null) {
      return null;
    }
    policy.attempting();
    return new Attempts(policy, exchange, request, route);
  }

  HttpRoute route() {
    return route;
  }

  private HttpHost target() {
    return route.getTargetHost();
  }

  int connectTimeout(int millis) {
    int limit = policy.connectTimeout(millis);
    if (policy.enforced()) {
      // The client bounds no handshake: what is shorter than the policy's limit is none for it.
      timeouts.connectMayTake(millis > 0 && limit == millis ? policy.connectTimeout(0) : limit);
    } else {
      timeouts.connectMayTake(0);
    }
    return limit;
  }

  /** Whether a connection that comes out of the pool may carry the attempt. */
  boolean mayTake(NHttpClientConnection connection) {
    Enforcer enforcer = Enforcer.inCharge();
    Object identity = Connections.identity(connection);
    boolean may =
        enforcer != null
            && policy.mayReuse()
            && enforcer.knows(identity)
            && enforcer.fit(
                target().getHostName(),
                target().getPort(),
                identity,
                Connections.transport(connection),
                false);
    pooled = may;
    return may;
  }

  /**
   * The request is about to be written; a repeated one says so, as Supabase's own clients do. Over
   * TLS it leaves when the handshake is over, if that can be seen.
   */
  void sending(HttpRequest written, NHttpClientConnection connection) {
    // Had the last response been to be thrown away, the handler would not have come here with it.
    last |= waitAfterResponse != Enforcer.NO_RETRY;
    waitAfterResponse = Enforcer.NO_RETRY;
    if (policy.attempt() > 0 && !written.containsHeader("X-Retry-Count")) {
      written.setHeader("X-Retry-Count", Integer.toString(policy.attempt()));
    }
    try {
      boolean overTls =
          connection instanceof ManagedNHttpClientConnection
              && ((ManagedNHttpClientConnection) connection).getIOSession() instanceof SSLIOSession
              && Internals.seesTls();
      if (overTls) {
        Connections.carries(connection, this);
      } else {
        policy.sending();
      }
      Enforcer enforcer = Enforcer.inCharge();
      pooled =
          enforcer != null
              && enforcer.carries(
                  target().getHostName(), target().getPort(), Connections.identity(connection));
      timeouts.apply(connection, written, target(), exchange.context(), overTls);
    } catch (IllegalStateException e) {
      // It was taken away, and what leaves on it now is no longer seen.
      policy.sending();
    }
  }

  /** The request that opens a tunnel is about to be written; none of the target's has left. */
  void tunnelling(HttpRequest connect, NHttpClientConnection connection) {
    try {
      timeouts.apply(connection, connect, target(), exchange.context(), false);
    } catch (IllegalStateException e) {
      // It was taken away.
    }
  }

  /** Bytes of a request have been taken for this session, whose handshake is over. */
  public static void left(IOSession session) {
    Attempts attempts = Connections.carried(session);
    if (attempts != null) {
      attempts.policy.sending();
      attempts.timeouts.handshakeEnded(session);
    }
  }

  /** See {@link Exchange#handing}. */
  @Nullable HttpResponse handing(HttpResponse response) {
    timeouts.answered(response, exchange.connection());
    Header retryAfter = response.getFirstHeader("Retry-After");
    long wait =
        last
            ? Enforcer.NO_RETRY
            : policy.afterResponse(
                response.getStatusLine().getStatusCode(),
                retryAfter == null ? null : retryAfter.getValue(),
                exchange.isRepeatable());
    waitAfterResponse = wait;
    last |= wait == Enforcer.NO_RETRY;
    return wait == Enforcer.NO_RETRY ? response : null;
  }

  /**
   * A response has ended.
   *
   * @return whether the handler is not to hear of it
   */
  public static boolean ended(Object handler) {
    Attempts attempts = Exchange.attempts(Internals.context(handler), handler);
    if (attempts == null || attempts.waitAfterResponse == Enforcer.NO_RETRY) {
      return false;
    }
    NHttpClientConnection connection = attempts.exchange.takeConnection();
    if (connection != null) {
      Connections.close(connection, attempts.exchange.manager());
    }
    attempts.again(attempts.waitAfterResponse);
    return true;
  }

  /**
   * The server ended the connection before anything was written to it. The client would dial again
   * at once, as often as it takes.
   *
   * @return whether the handler is not to hear of it
   */
  public static boolean terminated(HttpAsyncClientExchangeHandler handler) {
    Attempts attempts = Exchange.attempts(Internals.context(handler), handler);
    if (attempts == null || handler.isDone() || !attempts.policy.enforced()) {
      return false;
    }
    Exchange.fail(handler, new ConnectionClosedException("Connection closed"));
    return true;
  }

  /**
   * An attempt failed.
   *
   * @return whether the handler is not to hear of it
   */
  boolean failed(Exception failure) {
    if (exchange.isClosed()) {
      return false;
    }
    if (waiting) {
      return true;
    }
    IOException before = earlier;
    if (before != null && before != failure) {
      failure.addSuppressed(before);
      earlier = null;
    }
    // Of a response that is thrown away the end does not matter.
    long wait = waitAfterResponse;
    if (wait == Enforcer.NO_RETRY && failure instanceof IOException && !last && !isStopped()) {
      wait = policy.afterFailure(failure, false, exchange.isRepeatable(), pooled);
    }
    if (wait == Enforcer.NO_RETRY) {
      last = true;
      return false;
    }
    if (failure instanceof SocketTimeoutException) {
      closing = Thread.currentThread();
    }
    earlier = failure instanceof IOException ? (IOException) failure : null;
    NHttpClientConnection connection = exchange.takeConnection();
    if (connection != null) {
      Connections.abort(connection, exchange.manager());
    }
    again(wait);
    return true;
  }

  /**
   * The handler is to be closed: after a timeout the client does that, too.
   *
   * @return whether it is not
   */
  boolean staysOpen() {
    boolean stays = closing == Thread.currentThread();
    closing = null;
    return stays;
  }

  private void again(long wait) {
    waitAfterResponse = Enforcer.NO_RETRY;
    waiting = true;
    Waits.begin(this, wait);
  }

  /** The wait is over, or the answer is not wanted any more. */
  @Override
  public void run() {
    if (exchange.isUnwanted()) {
      // Until 4.1.2 the application's cancelling does not reach the handler.
      end(null);
    } else if (CLOSED.containsKey(exchange.manager())) {
      IOException failure = earlier;
      end(failure != null ? failure : new InterruptedIOException("Request aborted"));
    } else {
      begin();
    }
  }

  private void begin() {
    try {
      request.setHeaders(headers);
      Handshake.forget(exchange.context());
      pooled = false;
      policy.attempting();
      waiting = false;
      Internals.requestConnection(exchange.handler());
    } catch (RuntimeException e) {
      end(e);
    }
  }

  private void end(@Nullable Exception failure) {
    last = true;
    waiting = false;
    if (failure != null) {
      exchange.handler().failed(failure);
    } else {
      exchange.handler().cancel();
    }
  }

  @Override
  public boolean isStopped() {
    return exchange.isUnwanted() || CLOSED.containsKey(exchange.manager());
  }

  /** A connection manager was shut down, so its client is closed. */
  public static void closed(Object connectionManager) {
    CLOSED.put(connectionManager, true);
  }
}

package dev.freshwire.clients.apacheasync4;

import dev.freshwire.bridge.Enforcer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.concurrent.BasicFuture;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.nio.protocol.HttpAsyncRequestProducer;
import org.apache.http.nio.protocol.Pipelined;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * What the application began with one call of {@code execute}: a handler of the client's, and the
 * requests that come of it, as a redirect's next hop is one of its own. Found by the context; where
 * an application uses one context for several at a time, the last of them is found, and the others
 * go on without retries. Used by the threads that the client drives the handler with, one after the
 * other.
 */
public final class Exchange {
  private static final String KEY = "freshwire.exchange";

  /** The exchange whose response is looked at on this thread. */
  private static final ThreadLocal<Exchange> ANSWERED = new ThreadLocal<>();

  private final HttpAsyncClientExchangeHandler handler;
  private final HttpAsyncRequestProducer producer;
  private final BasicFuture<?> result;
  private final HttpClientContext context;
  private final NHttpClientConnectionManager manager;

  private volatile AtomicBoolean closed = new AtomicBoolean();
  private volatile AtomicReference<?> connection = new AtomicReference<>();
  private volatile AtomicReference<?> route = new AtomicReference<>();

  /** Whether anything of the body was asked for. */
  private volatile boolean produced;

  /** When the handler asked for a connection, by {@link System#nanoTime}. */
  private volatile long asked;

  private volatile @Nullable HttpRequest hop;
  private volatile @Nullable Attempts attempts;

  private Exchange(
      HttpAsyncClientExchangeHandler handler,
      HttpAsyncRequestProducer producer,
      BasicFuture<?> result,
      HttpClientContext context,
      NHttpClientConnectionManager manager) {
    this.handler = handler;
    this.producer = producer;
    this.result = result;
    this.context = context;
    this.manager = manager;
  }

  /** The client made a handler. */
  public static void begun(
      HttpAsyncClientExchangeHandler handler,
      HttpAsyncRequestProducer producer,
      BasicFuture<?> result,
      HttpClientContext context,
      NHttpClientConnectionManager manager) {
    context.setAttribute(KEY, new Exchange(handler, producer, result, context, manager));
  }

  /** The one of this handler; null of a handler without retries. */
  static @Nullable Exchange of(HttpContext context, Object handler) {
    Object found = context.getAttribute(KEY);
    return found instanceof Exchange && ((Exchange) found).handler == handler
        ? (Exchange) found
        : null;
  }

  /** The attempts of the handler's request; null out of scope. */
  static @Nullable Attempts attempts(HttpContext context, Object handler) {
    Exchange exchange = of(context, handler);
    return exchange == null ? null : exchange.attempts;
  }

  /** The handler asks for a connection, and these are its own. */
  public static void asks(
      Object handler,
      HttpClientContext context,
      AtomicReference<?> request,
      AtomicReference<?> route,
      AtomicReference<?> connection,
      AtomicBoolean closed) {
    Exchange exchange = of(context, handler);
    if (exchange != null) {
      exchange.asked = System.nanoTime();
      exchange.route = route;
      exchange.connection = connection;
      exchange.closed = closed;
      exchange.next(request.get());
      Timeouts.connecting(exchange.attempts);
    }
  }

  /** It has asked: what is connected on this thread from now on is not for it. */
  public static void asked(Object handler) {
    Timeouts.connecting(null);
  }

  /** A request is going to be sent: the one before, or one that came of its answer. */
  private void next(@Nullable Object current) {
    Object to = route.get();
    if (!(current instanceof HttpRequest) || current == hop || !(to instanceof HttpRoute)) {
      return;
    }
    HttpRequest request = (HttpRequest) current;
    if (isConnect(request)) {
      return;
    }
    hop = request;
    attempts = Attempts.begin(this, request, (HttpRoute) to);
  }

  static boolean isConnect(HttpRequest request) {
    return request.getRequestLine().getMethod().equalsIgnoreCase("CONNECT");
  }

  /**
   * A connection that the handler got is for others, or for nobody.
   *
   * @return whether the handler is not to have it: it asked for another
   */
  public static boolean refuses(
      HttpAsyncClientExchangeHandler handler,
      HttpClientContext context,
      NHttpClientConnection connection,
      NHttpClientConnectionManager manager,
      AtomicReference<?> route) {
    int reuse = reuse(route.get());
    Exchange exchange = of(context, handler);
    if (reuse == Enforcer.FREELY || (exchange != null && exchange.isClosed())) {
      return false;
    }
    if (mayCarry(exchange, connection, manager, reuse)) {
      return false;
    }
    Connections.close(connection, manager);
    try {
      Internals.requestConnection(handler);
    } catch (RuntimeException e) {
      fail(handler, e);
    }
    return true;
  }

  private static boolean mayCarry(
      @Nullable Exchange exchange,
      NHttpClientConnection connection,
      NHttpClientConnectionManager manager,
      int reuse) {
    try {
      boolean pooled =
          Connections.isUsed(connection, manager)
              || (exchange != null && Connections.isOlderThan(connection, exchange.asked));
      if (!pooled) {
        return true;
      }
      Attempts attempts = exchange == null ? null : exchange.attempts;
      return reuse == Enforcer.CHECKED && attempts != null && attempts.mayTake(connection);
    } catch (IllegalStateException e) {
      // It was taken away, which the handler is going to find out by itself.
      return true;
    }
  }

  /** Ends the handler; its callback is the application's, and may throw what it likes. */
  static void fail(HttpAsyncClientExchangeHandler handler, Exception failure) {
    try {
      handler.failed(failure);
    } catch (RuntimeException e) {
      // It has been told.
    }
  }

  /** Whether the handler may leave the connection, on which a response has ended, to the pool. */
  public static boolean mayKeep(
      Object handler,
      HttpClientContext context,
      AtomicReference<?> route,
      AtomicReference<?> connection) {
    // Its next responses are still to come; the client closes it after the last.
    if (handler.getClass().isAnnotationPresent(Pipelined.class)) {
      return true;
    }
    int reuse = reuse(route.get());
    Object used = connection.get();
    boolean once =
        reuse == Enforcer.FRESH
            || (reuse == Enforcer.CHECKED
                && (attempts(context, handler) == null || Connections.hasEnded(used)));
    if (!once || Handshake.continues(context)) {
      return true;
    }
    if (used instanceof NHttpClientConnection) {
      Connections.endsSoon((NHttpClientConnection) used);
    }
    return false;
  }

  /** Whether anything is enforced of connections on this route. */
  public static boolean isInScope(@Nullable Object route) {
    return reuse(route) != Enforcer.FREELY;
  }

  private static int reuse(@Nullable Object route) {
    Enforcer enforcer = Enforcer.inCharge();
    if (enforcer == null || !(route instanceof HttpRoute)) {
      return Enforcer.FREELY;
    }
    HttpHost target = ((HttpRoute) route).getTargetHost();
    return enforcer.reuse(target.getHostName(), target.getPort());
  }

  /** The handler is about to have this written. */
  public static void sending(Object handler, HttpRequest request) {
    HttpClientContext context = Internals.context(handler);
    Exchange exchange = of(context, handler);
    if (exchange == null) {
      return;
    }
    exchange.next(request);
    Attempts attempts = exchange.attempts;
    NHttpClientConnection connection = exchange.connection();
    if (attempts == null || connection == null) {
      return;
    }
    if (isConnect(request)) {
      attempts.tunnelling(request, connection);
    } else {
      attempts.sending(request, connection);
    }
  }

  /** A response has come, which the client now looks at. */
  public static void answered(Object handler) {
    Exchange exchange = of(Internals.context(handler), handler);
    if (exchange != null) {
      ANSWERED.set(exchange);
    }
  }

  /** It has looked. */
  public static void lookedAt() {
    ANSWERED.remove();
  }

  /**
   * The response is neither a challenge nor a redirect, and is to be the application's.
   *
   * @return null when the request is to be sent again instead
   */
  public static @Nullable HttpResponse handing(@Nullable HttpResponse response) {
    Exchange exchange = ANSWERED.get();
    Attempts attempts = exchange == null ? null : exchange.attempts;
    return response == null || attempts == null ? response : attempts.handing(response);
  }

  /** The handler wants the next part of the body. */
  public static void produces(Object handler) {
    Exchange exchange = of(Internals.context(handler), handler);
    if (exchange != null) {
      exchange.produced = true;
    }
  }

  /** Whether the body can be sent from its beginning. */
  boolean isRepeatable() {
    if (!produced) {
      return true;
    }
    HttpRequest request = hop;
    HttpEntity body =
        request instanceof HttpEntityEnclosingRequest
            ? ((HttpEntityEnclosingRequest) request).getEntity()
            : null;
    // There are producers that say yes, and cannot: of Ktor's engine Apache.
    return producer.isRepeatable() && (body == null || body.isRepeatable());
  }

  /** The connection that the handler has. */
  @Nullable NHttpClientConnection connection() {
    return (NHttpClientConnection) connection.get();
  }

  /** Takes it away from the handler, which hears no more of it. */
  @SuppressWarnings("NullAway") // Of a wildcard it does not know that it may be null.
  @Nullable NHttpClientConnection takeConnection() {
    NHttpClientConnection taken = (NHttpClientConnection) connection.getAndSet(null);
    if (taken != null) {
      Connections.detach(taken);
    }
    return taken;
  }

  HttpAsyncClientExchangeHandler handler() {
    return handler;
  }

  HttpClientContext context() {
    return context;
  }

  NHttpClientConnectionManager manager() {
    return manager;
  }

  /** Whether the handler has ended. */
  boolean isClosed() {
    return closed.get();
  }

  /** Whether the application does not want the answer any more. */
  boolean isUnwanted() {
    return closed.get() || result.isDone();
  }
}

package dev.freshwire.clients.jdkhttp;

import static dev.freshwire.clients.jdkhttp.Reflection.call;
import static dev.freshwire.clients.jdkhttp.Reflection.constructor;
import static dev.freshwire.clients.jdkhttp.Reflection.field;
import static dev.freshwire.clients.jdkhttp.Reflection.get;
import static dev.freshwire.clients.jdkhttp.Reflection.invoke;
import static dev.freshwire.clients.jdkhttp.Reflection.method;
import static dev.freshwire.clients.jdkhttp.Reflection.optional;
import static dev.freshwire.clients.jdkhttp.Reflection.optionalField;
import static dev.freshwire.clients.jdkhttp.Reflection.optionalType;
import static dev.freshwire.clients.jdkhttp.Reflection.set;
import static dev.freshwire.clients.jdkhttp.Reflection.type;
import static dev.freshwire.clients.jdkhttp.Reflection.value;

import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;

/**
 * What these classes need of types that are not public, by reflection: they are in the module of
 * what they look at. What is missing fails the first hook that is run, and with it all of them.
 */
public final class Internals {
  private static final Class<?> CALL = type("MultiExchange");
  private static final Field CURRENT_REQUEST = field(CALL, "currentreq");
  private static final Field PREVIOUS_REQUEST = field(CALL, "previousreq");
  private static final Field ATTEMPTS = field(CALL, "attempts");
  private static final Field CANCELLED = field(CALL, "cancelled");
  private static final Field EXECUTOR = field(CALL, "executor");
  private static final Method GET_EXCHANGE = method(CALL, "getExchange");
  private static final Method CANCEL = method(CALL, "cancel", IOException.class);
  private static final Method RESPOND = responding();
  private static final @Nullable Field CONNECT_TIMEOUT = optionalField(CALL, "connectTimeout");
  private static final @Nullable Method REQUEST_CANCELLED = optional(CALL, "requestCancelled");

  private static final Class<?> REQUEST = type("HttpRequestImpl");
  private static final Method PROXY = method(REQUEST, "proxy");
  private static final Method IS_WEB_SOCKET = method(REQUEST, "isWebSocket");
  private static final Method SET_HEADER =
      method(REQUEST, "setSystemHeader", String.class, String.class);

  private static final Class<?> EXCHANGE = type("Exchange");
  private static final Field CALL_OF_EXCHANGE = field(EXCHANGE, "multi");
  private static final Field IMPLEMENTATION = field(EXCHANGE, "exchImpl");
  private static final Field PUSHES = field(EXCHANGE, "pushGroup");
  private static final Method IGNORE_BODY = method(EXCHANGE, "ignoreBody");
  private static final Constructor<?> NEW_EXCHANGE = constructor(EXCHANGE, REQUEST, CALL);
  private static final Method SET_EXCHANGE = method(CALL, "setExchange", EXCHANGE);

  private static final @Nullable Method EXCHANGE_IS_UNPROCESSED =
      optional(EXCHANGE, "isUnprocessedByPeer");

  private static final Class<?> EXCHANGE_OF_VERSION = type("ExchangeImpl");
  private static final Field EXCHANGE_OF = field(EXCHANGE_OF_VERSION, "exchange");
  private static final Method CONNECTION_OF = method(EXCHANGE_OF_VERSION, "connection");
  private static final @Nullable Method IS_UNPROCESSED =
      optional(EXCHANGE_OF_VERSION, "isUnprocessedByPeer");

  private static final Class<?> STREAM = type("Stream");
  private static final Field STREAM_CLOSED = field(STREAM, "closed");
  private static final Field HTTP_2_OF = field(STREAM, "connection");

  /** A connection of HTTP/3; since 26. */
  private static final @Nullable Class<?> QUIC = optionalType("HttpQuicConnection");

  private static final Method CONNECTED = method(type("HttpConnection"), "connected");

  private static final Method CHANNEL = method(type("HttpConnection"), "channel");
  private static final Method CLOSE = method(type("HttpConnection"), "close");

  private static final Class<?> TLS = type("AbstractAsyncSSLConnection");
  private static final Method ENGINE = method(TLS, "getEngine");

  private static final Field CLIENT = field(CALL, "client");
  private static final Method HTTP_2_CLIENT = method(type("HttpClientImpl"), "client2");
  private static final Field CLIENT_OF_HTTP_2 = field(type("Http2ClientImpl"), "client");
  private static final Field WITHOUT_HTTP_2 = field(type("Http2ClientImpl"), "failures");

  private static final @Nullable Field HTTP_2_LOCK =
      optionalField(type("Http2ClientImpl"), "connectionPoolLock");

  private static final Class<?> HTTP_2 = type("Http2Connection");
  private static final Field TRANSPORT = field(HTTP_2, "connection");
  private static final @Nullable Field ENDED = optionalField(HTTP_2, "closed");
  private static final Field STREAMS = field(HTTP_2, "streams");
  private static final Field RESERVED = field(HTTP_2, "numReservedClientStreams");
  private static final Method SET_FINAL = method(HTTP_2, "setFinalStream");
  private static final @Nullable Method SHUT_DOWN = optional(HTTP_2, "shutdown", Throwable.class);
  private static final Method CLOSE_HTTP_2 = method(HTTP_2, "close");
  private static final @Nullable Method KEY = optional(HTTP_2, "key");
  private static final Method KEY_FOR = method(HTTP_2, "keyFor", REQUEST);

  /** A connection on which HTTP/2 was not agreed. */
  private static final @Nullable Class<?> NO_HTTP_2 = optionalType("Http2Connection$ALPNException");

  private static final Class<?> RESPONSE = type("Response");
  private static final Method STATUS = method(RESPONSE, "statusCode");
  private static final Method HEADERS = method(RESPONSE, "headers");

  private Internals() {}

  static Object callOf(Object exchangeOfVersion) {
    return get(CALL_OF_EXCHANGE, get(EXCHANGE_OF, exchangeOfVersion));
  }

  static boolean isWebSocket(HttpRequest request) {
    return REQUEST.isInstance(request) && (Boolean) call(IS_WEB_SOCKET, request);
  }

  /** Whether its connection is one within a tunnel that a proxy opens. */
  static boolean isTunnelled(HttpRequest request) {
    return "https".equalsIgnoreCase(request.uri().getScheme()) && invoke(PROXY, request) != null;
  }

  static void setHeader(HttpRequest request, String name, String value) {
    invoke(SET_HEADER, request, name, value);
  }

  static boolean isCancelled(Object call) {
    return REQUEST_CANCELLED != null && (Boolean) call(REQUEST_CANCELLED, call);
  }

  static void cancel(Object call, IOException cause) {
    invoke(CANCEL, call, cause);
  }

  /** The exchange of the attempt that just ended; null when it did not get that far. */
  static @Nullable Object lastExchange(Object call) {
    return value(IMPLEMENTATION, call(GET_EXCHANGE, call));
  }

  static Object connection(Object exchangeOfVersion) {
    return call(CONNECTION_OF, exchangeOfVersion);
  }

  static CompletableFuture<?> ignoreBody(Object call) {
    return (CompletableFuture<?>) call(IGNORE_BODY, call(GET_EXCHANGE, call));
  }

  /** What begins an attempt; from 26 on it is told whether to apply the filters. */
  private static Method responding() {
    Method told = optional(CALL, "responseAsyncImpl", boolean.class);
    return told != null ? told : method(CALL, "responseAsyncImpl");
  }

  private static boolean isTold() {
    return RESPOND.getParameterCount() > 0;
  }

  /** Has the client believe that there were as many attempts as there may be; from 26 on. */
  static void exhaust(Object call) {
    ((AtomicInteger) get(ATTEMPTS, call)).set(Integer.MAX_VALUE);
  }

  /** Lets the application's connect timeout begin anew with the next attempt. */
  static void restartConnectTimeout(Object call) {
    Object tracker = CONNECT_TIMEOUT == null ? null : value(CONNECT_TIMEOUT, call);
    if (tracker != null) {
      invoke(method(tracker.getClass(), "reset"), tracker);
    }
  }

  /**
   * Begins another attempt of the same request.
   *
   * @param attempts how many there were, the last one not counted
   */
  static CompletableFuture<?> respondAgain(Object call, int attempts) {
    Object request = get(CURRENT_REQUEST, call);
    // The filters, of cookies and authentication, have been applied to it already.
    set(PREVIOUS_REQUEST, call, request);
    AtomicInteger counted = (AtomicInteger) get(ATTEMPTS, call);
    if (isTold()) {
      counted.set(attempts + 2);
    } else {
      // The limit of the client's own is one of redirects and challenges.
      counted.decrementAndGet();
    }
    if (!isCancelled(call)) {
      // Set by the timer that ended the attempt.
      set(CANCELLED, call, false);
    }
    Object exchange;
    try {
      exchange = NEW_EXCHANGE.newInstance(request, call);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
    invoke(SET_EXCHANGE, call, exchange);
    return (CompletableFuture<?>) (isTold() ? call(RESPOND, call, false) : call(RESPOND, call));
  }

  /** The application's executor. */
  static @Nullable Executor executor(Object call) {
    Object executor = get(EXECUTOR, call);
    Method delegate = optional(executor.getClass(), "delegate");
    return delegate == null ? null : (Executor) call(delegate, executor);
  }

  static boolean isUnprocessed(Object exchangeOfVersion) {
    if (EXCHANGE_IS_UNPROCESSED != null) {
      return (Boolean) call(EXCHANGE_IS_UNPROCESSED, get(EXCHANGE_OF, exchangeOfVersion));
    }
    return IS_UNPROCESSED != null && (Boolean) call(IS_UNPROCESSED, exchangeOfVersion);
  }

  static boolean isHttp2(Object exchangeOfVersion) {
    return STREAM.isInstance(exchangeOfVersion);
  }

  /** Whether a stream of HTTP/2 was cancelled or is over. */
  static boolean isClosed(Object stream) {
    return (Boolean) get(STREAM_CLOSED, stream);
  }

  /** Whether the connection of a stream of HTTP/2 has ended; false where a version does not say. */
  static boolean isEnded(Object stream) {
    return ENDED != null && (Boolean) get(ENDED, get(HTTP_2_OF, stream));
  }

  /** The connection of a stream of HTTP/2. */
  static Object http2(Object stream) {
    return get(HTTP_2_OF, stream);
  }

  /** Whether a connection is one of TCP, as all are but those of HTTP/3. */
  static boolean isTcp(Object connection) {
    return QUIC == null || !QUIC.isInstance(connection);
  }

  static boolean isConnected(Object connection) {
    return (Boolean) call(CONNECTED, connection);
  }

  /** The channel of a connection. */
  static Object channel(Object connection) {
    return call(CHANNEL, connection);
  }

  static void close(Object connection) {
    invoke(CLOSE, connection);
  }

  /** The engine of a connection with TLS; null of any other. */
  static @Nullable SSLEngine engine(Object connection) {
    return TLS.isInstance(connection) ? (SSLEngine) call(ENGINE, connection) : null;
  }

  /** Lets the client negotiate HTTP/2 again where it believes that the server has none. */
  static void negotiateAgain(Object call, HttpRequest request) {
    Object client = call(HTTP_2_CLIENT, get(CLIENT, call));
    Lock lock = poolLock(client);
    lock.lock();
    try {
      ((Set<?>) get(WITHOUT_HTTP_2, client)).remove(poolKey(request));
    } finally {
      lock.unlock();
    }
  }

  /** Whether {@code failure} makes the client go on in HTTP/1.1. */
  static boolean saysNoHttp2(@Nullable Throwable failure) {
    return NO_HTTP_2 != null && NO_HTTP_2.isInstance(failure);
  }

  /** The client that an HTTP/2 client is a part of. */
  static Object clientOf(Object client2) {
    return get(CLIENT_OF_HTTP_2, client2);
  }

  /**
   * Whether the client would make a connection of HTTP/2 for {@code request} that is like any
   * other: with TLS, to a server that it does not believe to be without, for no pushes.
   */
  static boolean negotiatesHttp2(Object client2, HttpRequest request, Object exchange) {
    if (!"https".equalsIgnoreCase(request.uri().getScheme()) || value(PUSHES, exchange) != null) {
      return false;
    }
    Lock lock = poolLock(client2);
    lock.lock();
    try {
      return !((Set<?>) get(WITHOUT_HTTP_2, client2)).contains(poolKey(request));
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes {@code http2} out of the pool of an HTTP/2 client. Whoever took it from there before has
   * reserved a stream of it, and nobody takes it afterwards.
   */
  static boolean removeFromPool(Object client, Map<?, ?> pool, String key, Object http2) {
    Lock lock = poolLock(client);
    lock.lock();
    try {
      synchronized (client) {
        return pool.remove(key, http2);
      }
    } finally {
      lock.unlock();
    }
  }

  /** What guards the pool in later JDKs; before it was the client, and the sets themselves. */
  private static Lock poolLock(Object client) {
    return HTTP_2_LOCK == null ? new ReentrantLock() : (Lock) get(HTTP_2_LOCK, client);
  }

  static Object transport(Object http2) {
    return get(TRANSPORT, http2);
  }

  static Map<?, ?> streams(Object http2) {
    return (Map<?, ?>) get(STREAMS, http2);
  }

  /**
   * Whether a request has a stream of it, or is about to: between the pool and the first frame it
   * is counted and not yet among the streams.
   */
  static boolean isReserved(Object http2) {
    return (Integer) get(RESERVED, http2) > 0;
  }

  static void setFinal(Object http2) {
    invoke(SET_FINAL, http2);
  }

  static void shutDown(Object http2, Throwable why) {
    if (SHUT_DOWN != null) {
      invoke(SHUT_DOWN, http2, why);
    } else {
      // From 26 on that closes the connection as well.
      invoke(CLOSE_HTTP_2, http2);
    }
  }

  /** What it is in the pool by; null where a version has no such name for it. */
  static @Nullable String key(Object http2) {
    return KEY == null ? null : (String) call(KEY, http2);
  }

  static String poolKey(HttpRequest request) {
    return (String) call(KEY_FOR, null, request);
  }

  static int status(Object response) {
    return (Integer) call(STATUS, response);
  }

  static @Nullable String header(Object response, String name) {
    return ((HttpHeaders) call(HEADERS, response)).firstValue(name).orElse(null);
  }
}

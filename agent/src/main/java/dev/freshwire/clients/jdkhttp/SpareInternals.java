package dev.freshwire.clients.jdkhttp;

import static dev.freshwire.clients.jdkhttp.Reflection.call;
import static dev.freshwire.clients.jdkhttp.Reflection.field;
import static dev.freshwire.clients.jdkhttp.Reflection.get;
import static dev.freshwire.clients.jdkhttp.Reflection.invoke;
import static dev.freshwire.clients.jdkhttp.Reflection.method;
import static dev.freshwire.clients.jdkhttp.Reflection.type;

import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What {@link Spares} needs of types that are not public, as in {@link Internals}. Nothing of it is
 * looked up before there is to be a spare connection.
 */
public final class SpareInternals {
  private static final Class<?> REQUEST = type("HttpRequestImpl");
  private static final Constructor<?> NEW_REQUEST = beginning(REQUEST, HttpRequest.class);
  private static final Method PROXY = method(REQUEST, "proxy");
  private static final Method ADDRESS = method(REQUEST, "getAddress");
  private static final Method SYSTEM_HEADERS = method(REQUEST, "getSystemHeadersBuilder");

  private static final Class<?> CLIENT = type("HttpClientImpl");
  private static final Method POOL = method(CLIENT, "connectionPool");
  private static final Method HTTP_2_CLIENT = method(CLIENT, "client2");

  private static final Class<?> CALL = type("MultiExchange");
  private static final Constructor<?> NEW_CALL = beginning(CALL, HttpRequest.class);
  private static final Method EXCHANGE = method(CALL, "getExchange");
  private static final Field ABORTER = field(type("Exchange"), "connectionAborter");
  private static final Method ABORTS = beginning(ABORTER.getType(), "connection");

  private static final Class<?> CONNECTION = type("HttpConnection");
  private static final Method GET_CONNECTION = beginning(CONNECTION, "getConnection");
  private static final Method CONNECT = beginning(CONNECTION, "connectAsync");
  private static final Method FINISH = method(CONNECTION, "finishConnect");
  private static final Method IS_OPEN = method(CONNECTION, "isOpen");

  private static final Class<?> POOL_TYPE = type("ConnectionPool");
  private static final Method WATCH = beginning(POOL_TYPE, "registerCleanupTrigger");
  private static final Field STOPPED = field(POOL_TYPE, "stopped");

  private static final Class<?> HTTP_2 = type("Http2Connection");
  private static final Method CREATE = beginning(HTTP_2, "createAsync", REQUEST);
  private static final Method RESERVE = beginning(HTTP_2, "reserveStream");
  private static final Method IS_FINAL = method(HTTP_2, "finalStream");

  private SpareInternals() {}

  /** True; when something is missing, an error of the linkage of this class. */
  static boolean areThere() {
    return true;
  }

  static @Nullable InetSocketAddress proxy(HttpRequest request) {
    return REQUEST.isInstance(request) ? (InetSocketAddress) invoke(PROXY, request) : null;
  }

  /** What the client itself, by its authenticator, says to the proxy. */
  static @Nullable String proxyAuthorization(HttpRequest request) {
    Object headers = call(SYSTEM_HEADERS, request);
    Map<?, ?> map = (Map<?, ?>) call(method(headers.getClass(), "map"), headers);
    List<?> values = (List<?>) map.get("Proxy-Authorization");
    return values == null || values.isEmpty() ? null : (String) values.get(0);
  }

  /** A request for {@code origin} that is never sent. */
  static Object newRequest(
      URI origin, @Nullable InetSocketAddress proxy, @Nullable String proxyAuthorization) {
    HttpRequest bare = HttpRequest.newBuilder(origin).build();
    Object request = create(NEW_REQUEST, bare, ProxySelector.of(proxy));
    if (proxyAuthorization != null) {
      Internals.setHeader((HttpRequest) request, "Proxy-Authorization", proxyAuthorization);
    }
    return request;
  }

  /** A call that makes no more than a connection. */
  static Object newCall(Object request, Object client) {
    return create(NEW_CALL, request, request, client, BodyHandlers.discarding());
  }

  /** A connection of HTTP/1.1 that is not connected yet. */
  static Object newConnection(Object request, Object client, Object call) {
    Object address = call(ADDRESS, request);
    HttpClient.Version version = HttpClient.Version.HTTP_1_1;
    // From 26 on it is told the exchange.
    return GET_CONNECTION.getParameterCount() == 4
        ? call(GET_CONNECTION, null, address, client, request, version)
        : call(GET_CONNECTION, null, address, client, call(EXCHANGE, call), request, version);
  }

  /** Connects it, TLS included. */
  static CompletableFuture<?> connect(Object connection, Object call) {
    Object exchange = call(EXCHANGE, call);
    // So that the timer, too, which is one of the call, ends a handshake.
    abortsWith(exchange, connection);
    CompletableFuture<?> connected = (CompletableFuture<?>) call(CONNECT, connection, exchange);
    return connected.thenCompose(nothing -> (CompletableFuture<?>) call(FINISH, connection));
  }

  /** Has {@code connection} closed when {@code exchange} ends before it has begun. */
  static void abortsWith(Object exchange, Object connection) {
    invoke(ABORTS, get(ABORTER, exchange), connection);
  }

  /** Makes a connection of HTTP/2; fails where the server has none. */
  static CompletableFuture<?> connectHttp2(Object request, Object client, Object call) {
    return (CompletableFuture<?>)
        call(CREATE, null, request, call(HTTP_2_CLIENT, client), call(EXCHANGE, call));
  }

  /** Has it closed when anything arrives on it. */
  static void watch(Object connection, Object client) {
    call(WATCH, call(POOL, client), connection);
  }

  static boolean isOpen(Object connection) {
    return (Boolean) call(IS_OPEN, connection);
  }

  /** Whether a connection of HTTP/2 may have no more streams. */
  static boolean isFinal(Object http2) {
    return (Boolean) call(IS_FINAL, http2);
  }

  /** As the client does when it takes a connection out of its pool. */
  static boolean reserveStream(Object http2) {
    return RESERVE.getParameterCount() == 1
        ? (Boolean) call(RESERVE, http2, true)
        : (Boolean) call(RESERVE, http2, true, false);
  }

  static boolean isStopped(Object client) {
    return (Boolean) get(STOPPED, call(POOL, client));
  }

  private static Object create(Constructor<?> constructor, @Nullable Object... arguments) {
    // Those that a version has besides, for server push and the caller's permissions, are not
    // needed.
    @Nullable Object[] all = new Object[constructor.getParameterCount()];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    try {
      return constructor.newInstance(all);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The constructor that begins with a parameter of this type, and has more. */
  private static Constructor<?> beginning(Class<?> owner, Class<?> first) {
    for (Constructor<?> constructor : owner.getDeclaredConstructors()) {
      if (constructor.getParameterCount() > 1 && constructor.getParameterTypes()[0] == first) {
        return accessible(constructor);
      }
    }
    throw new IllegalStateException(owner + " cannot be made of a " + first.getName());
  }

  /** The method of this name whose parameters begin with these. */
  private static Method beginning(Class<?> owner, String name, Class<?>... first) {
    for (Method method : owner.getDeclaredMethods()) {
      Class<?>[] parameters = method.getParameterTypes();
      boolean here = method.getName().equals(name) && parameters.length >= first.length;
      for (int i = 0; here && i < first.length; i++) {
        here = parameters[i] == first[i];
      }
      if (here) {
        return accessible(method);
      }
    }
    throw new IllegalStateException(owner + " has no " + name);
  }

  private static <T extends AccessibleObject> T accessible(T member) {
    member.setAccessible(true);
    return member;
  }
}

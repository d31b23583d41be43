package dev.freshwire.clients.apacheasync4;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.nio.reactor.ssl.SSLIOSession;

/**
 * What these classes need of the client's handler, which is not public, by reflection: they stand
 * in its package. Hooks are in the same method and use the same field, so that a version without
 * them is left alone.
 */
public final class Internals {
  private static final Field CONTEXT;
  private static final Method REQUEST_CONNECTION;

  static {
    try {
      Class<?> handler =
          Class.forName(
              "org.apache.http.impl.nio.client.AbstractClientExchangeHandler",
              false,
              Internals.class.getClassLoader());
      CONTEXT = handler.getDeclaredField("localContext");
      CONTEXT.setAccessible(true);
      REQUEST_CONNECTION = handler.getDeclaredMethod("requestConnection");
      REQUEST_CONNECTION.setAccessible(true);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  private Internals() {}

  /** Whether it is one of the handlers of this class; the deprecated client has others. */
  static boolean isHandler(Object handler) {
    return CONTEXT.getDeclaringClass().isInstance(handler);
  }

  static HttpClientContext context(Object handler) {
    try {
      return (HttpClientContext) CONTEXT.get(handler);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Has the handler ask for a connection, which it gets on some thread or other. */
  static void requestConnection(Object handler) {
    try {
      REQUEST_CONNECTION.invoke(handler);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      throw cause instanceof RuntimeException
          ? (RuntimeException) cause
          : new IllegalStateException(cause);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Whether {@link TlsAdvice} says when a request leaves over TLS: it is in another library, which
   * another loader may have, where these classes are not known.
   */
  static boolean seesTls() {
    return SSLIOSession.class.getClassLoader() == Internals.class.getClassLoader();
  }
}

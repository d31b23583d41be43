package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Enforcer;
import java.lang.ref.WeakReference;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.AbstractIOSessionPool;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Makes HTTP/2 sessions that no pool knows of. */
public final class FreshSessions {
  /** The client's own wait for the server's farewell, and a little. */
  private static final long FAREWELL_MILLIS = 1_500;

  private FreshSessions() {}

  /**
   * Connects a session of its own.
   *
   * @param endpoint a host until 5.3, a route since
   * @return null when the pool may answer
   */
  @SuppressWarnings({"rawtypes", "unchecked"})
  public static @Nullable Future connect(
      AbstractIOSessionPool pool,
      Object endpoint,
      @Nullable Timeout timeout,
      FutureCallback callback)
      throws ReflectiveOperationException {
    HttpHost target =
        endpoint instanceof HttpRoute
            ? ((HttpRoute) endpoint).getTargetHost()
            : endpoint instanceof HttpHost ? (HttpHost) endpoint : null;
    if (target == null || Enforcer.mayReuse(target.getHostName(), target.getPort())) {
      return null;
    }
    long millis = timeout == null ? 0 : timeout.toMilliseconds();
    int capped = Attempts.connectTimeout((int) millis, target);
    Method connect =
        AbstractIOSessionPool.class.getDeclaredMethod(
            "connectSession", Object.class, Timeout.class, FutureCallback.class);
    connect.setAccessible(true);
    FreshSession fresh = new FreshSession(callback, target, Attempts.connectingFor());
    try {
      return (Future) connect.invoke(pool, endpoint, Timeout.ofMilliseconds(capped), fresh);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalStateException) {
        // The pool was shut down, and says so itself.
        return null;
      }
      throw e;
    }
  }

  /**
   * Has a session that is about to be closed wait for its server's farewell for the second that it
   * waits where there is no read timeout; until that one otherwise, since over TLS 1.3 a server
   * need not answer. A request that was answered before its body was written keeps it open for as
   * long as the client means to write that.
   */
  public static void closing(@Nullable Object endpoint) throws ReflectiveOperationException {
    if (endpoint != null) {
      IOSession session = session(endpoint);
      session.setSocketTimeout(Timeout.DISABLED);
      GoneAway.closing(session);
      Waits.schedule(new Farewell(session), FAREWELL_MILLIS);
    }
  }

  /**
   * Closes a session whose request failed: with a farewell, after a read timeout, the client of 5.6
   * asks over and over whether it may write, and closes it when the server does.
   */
  public static void drop(@Nullable Object endpoint) throws ReflectiveOperationException {
    if (endpoint != null) {
      session(endpoint).close(CloseMode.IMMEDIATE);
    }
  }

  private static IOSession session(Object endpoint) throws ReflectiveOperationException {
    Field field = endpoint.getClass().getDeclaredField("session");
    field.setAccessible(true);
    return (IOSession) field.get(endpoint);
  }

  /** Ends what has not ended by itself. */
  private static final class Farewell implements Runnable {
    /** Weakly: what is open the client's selector has. */
    private final WeakReference<IOSession> session;

    Farewell(IOSession session) {
      this.session = new WeakReference<>(session);
    }

    @Override
    public void run() {
      IOSession left = session.get();
      if (left != null) {
        left.close(CloseMode.IMMEDIATE);
      }
    }
  }

  /** Gives the session its read timeout. */
  private static final class FreshSession implements FutureCallback<IOSession> {
    private final FutureCallback<IOSession> next;
    private final HttpHost target;
    private final @Nullable HttpClientContext context;

    FreshSession(
        FutureCallback<IOSession> next, HttpHost target, @Nullable HttpClientContext context) {
      this.next = next;
      this.target = target;
      this.context = context;
    }

    @Override
    public void completed(IOSession session) {
      Enforcer.opened(target.getHostName(), target.getPort());
      Attempts attempts = Attempts.of(context);
      Timeout now = session.getSocketTimeout();
      Timeout timeout = ReadTimeouts.instead(now, context, target);
      if (attempts != null) {
        attempts.sentOver(session);
      }
      if (timeout != null) {
        if (attempts != null) {
          attempts.readTimeout(session, now);
        }
        session.setSocketTimeout(timeout);
      }
      next.completed(session);
    }

    @Override
    public void failed(Exception failure) {
      next.failed(failure);
    }

    @Override
    public void cancelled() {
      next.cancelled();
    }
  }
}

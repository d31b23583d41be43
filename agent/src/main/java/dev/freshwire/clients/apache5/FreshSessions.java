package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Enforcer;
import java.lang.reflect.Method;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.reactor.AbstractIOSessionPool;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** Makes HTTP/2 sessions that no pool knows of. */
public final class FreshSessions {
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
    return (Future)
        connect.invoke(
            pool,
            endpoint,
            Timeout.ofMilliseconds(capped),
            new FreshSession(callback, target, Attempts.connecting()));
  }

  /** Gives the session its read timeout. */
  private static final class FreshSession implements FutureCallback<IOSession> {
    private final FutureCallback<IOSession> next;
    private final HttpHost target;
    private final @Nullable Attempts attempts;

    FreshSession(FutureCallback<IOSession> next, HttpHost target, @Nullable Attempts attempts) {
      this.next = next;
      this.target = target;
      this.attempts = attempts;
    }

    @Override
    public void completed(IOSession session) {
      Enforcer.opened(target.getHostName(), target.getPort());
      if (attempts != null) {
        attempts.sentOver(session);
      }
      Timeout now = session.getSocketTimeout();
      if (now == null || !now.isEnabled()) {
        int wanted = Enforcer.readTimeout(target.getHostName(), target.getPort(), 0, false);
        if (wanted > 0) {
          session.setSocketTimeout(Timeout.ofMilliseconds(wanted));
        }
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

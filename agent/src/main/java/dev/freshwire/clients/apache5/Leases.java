package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Enforcer;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpHost;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges in scope that hold a connection, by the client's runtime of the exchange: when that
 * says whether the connection may be used again it does not say for whom. Thread-safe.
 */
public final class Leases {
  /** Weak on both sides, because a context leads to its runtime: the exchange holds them both. */
  private static final Map<Object, WeakReference<HttpClientContext>> USED_ONCE =
      Collections.synchronizedMap(new WeakHashMap<>());

  private Leases() {}

  /** Whether a connection on this route may serve one exchange only. */
  public static boolean isUsedOnce(HttpRoute route) {
    HttpHost target = route.getTargetHost();
    return !Enforcer.mayReuse(target.getHostName(), target.getPort());
  }

  /** The runtime leases a connection that may serve one exchange only. */
  public static void add(Object runtime, HttpClientContext context) {
    USED_ONCE.put(runtime, new WeakReference<>(context));
  }

  /** Whether the runtime has to close its connection after the answer that it just got. */
  public static boolean closesAfterUse(Object runtime) {
    WeakReference<HttpClientContext> context = USED_ONCE.get(runtime);
    return context != null && refusesPooled(context.get());
  }

  /** Whether a connection that was used before has to be left alone by this exchange. */
  public static boolean refusesPooled(@Nullable HttpClientContext context) {
    Attempts attempts = Attempts.of(context);
    return attempts == null || !attempts.continuesHandshake();
  }
}

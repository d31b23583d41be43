package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpConnection;
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

  /** Whether the client pools connections on this route as it always did. */
  public static boolean mayReuseFreely(HttpRoute route) {
    return reuse(route) == Enforcer.FREELY;
  }

  private static int reuse(HttpRoute route) {
    HttpHost target = route.getTargetHost();
    Enforcer enforcer = Enforcer.inCharge();
    return enforcer == null
        ? Enforcer.FREELY
        : enforcer.reuse(target.getHostName(), target.getPort());
  }

  /** Whether a connection on this route may serve this exchange only. */
  public static boolean isUsedOnce(HttpRoute route, HttpClientContext context) {
    int reuse = reuse(route);
    return reuse == Enforcer.FRESH || (reuse == Enforcer.CHECKED && Attempts.of(context) == null);
  }

  /** Whether the connection that the runtime has, and that was used before, is not for this. */
  public static boolean refuses(Object runtime, HttpRoute route, HttpClientContext context) {
    if (!refusesPooled(context)) {
      return false;
    }
    Attempts attempts = Attempts.of(context);
    int reuse = reuse(route);
    try {
      HttpConnection found = attempts == null ? null : Connections.of(runtime);
      boolean mayTake =
          reuse == Enforcer.FREELY
              || (reuse == Enforcer.CHECKED
                  && attempts != null
                  && found != null
                  && attempts.mayTake(found));
      if (mayTake && attempts != null) {
        attempts.takes(found);
      }
      return !mayTake;
    } catch (IllegalAccessException e) {
      return reuse != Enforcer.FREELY;
    }
  }

  /**
   * Closes the connection that the runtime has just leased if it is not for this exchange. A single
   * one is given back for that: its lease would keep it, and up to 5.3 not open it again, from 5.4
   * on not close it again.
   */
  public static void disconnectRefused(
      ExecRuntime runtime, String id, HttpRoute route, Object state, HttpClientContext context) {
    try {
      if (!runtime.isEndpointConnected() || !refuses(runtime, route, context)) {
        return;
      }
      if (Connections.isSingle(runtime)) {
        runtime.discardEndpoint();
        runtime.acquireEndpoint(id, route, state, context);
      } else {
        runtime.disconnectEndpoint();
      }
    } catch (IOException | IllegalStateException e) {
      // It is closed all the same, or who cancelled the request has given it back meanwhile.
    }
  }

  /** Gives back a single connection that the client closed while the exchange goes on. */
  public static void discardClosed(ExecRuntime runtime, HttpClientContext context) {
    if (runtime.isEndpointAcquired()
        && (isEnforced(context) || USED_ONCE.containsKey(runtime))
        && !isConnected(runtime)
        && Connections.isSingle(runtime)) {
      runtime.discardEndpoint();
    }
  }

  private static boolean isEnforced(HttpClientContext context) {
    Attempts attempts = Attempts.of(context);
    return attempts != null && attempts.policy.enforced();
  }

  private static boolean isConnected(ExecRuntime runtime) {
    try {
      return runtime.isEndpointConnected();
    } catch (IllegalStateException e) {
      // So says the single connection's lease up to 5.3.
      return false;
    }
  }

  /** A connection was made for the exchange with this context, whose runtime has it. */
  public static void opened(HttpClientContext context, Object runtime) {
    try {
      Attempts.opened(context, runtime);
    } catch (IllegalAccessException e) {
      Enforcer.hookFailed("connections", e);
    }
  }

  /** No exchange uses the connection of this endpoint any more. */
  public static void released(Object endpoint) throws IllegalAccessException {
    HttpConnection connection = Connections.of(endpoint);
    if (connection != null) {
      Enforcer.idle(connection);
    }
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

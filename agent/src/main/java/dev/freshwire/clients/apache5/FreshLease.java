package dev.freshwire.clients.apache5;

import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;

/** Closes what comes out of the pool and may not be used, and leases another one. */
public final class FreshLease implements FutureCallback<AsyncExecRuntime> {
  private final AsyncExecRuntime runtime;
  private final String id;
  private final HttpRoute route;
  private final Object state;
  private final HttpClientContext context;
  private final FutureCallback<AsyncExecRuntime> callback;

  /** The arguments of {@code acquireEndpoint}. */
  public FreshLease(
      AsyncExecRuntime runtime,
      String id,
      HttpRoute route,
      Object state,
      HttpClientContext context,
      FutureCallback<AsyncExecRuntime> callback) {
    this.runtime = runtime;
    this.id = id;
    this.route = route;
    this.state = state;
    this.context = context;
    this.callback = callback;
  }

  @Override
  public void completed(AsyncExecRuntime leased) {
    if (runtime.isEndpointConnected() && Leases.refuses(runtime, route, context)) {
      runtime.discardEndpoint();
      runtime.acquireEndpoint(id, route, state, context, callback);
    } else {
      callback.completed(leased);
    }
  }

  @Override
  public void failed(Exception failure) {
    callback.failed(failure);
  }

  @Override
  public void cancelled() {
    callback.cancelled();
  }
}

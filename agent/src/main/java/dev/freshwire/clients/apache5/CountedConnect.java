package dev.freshwire.clients.apache5;

import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;

/** Counts the connection that is being made. */
public final class CountedConnect implements FutureCallback<AsyncExecRuntime> {
  private final FutureCallback<AsyncExecRuntime> next;
  private final HttpClientContext context;

  /** Counts it for the exchange with this context. */
  public CountedConnect(FutureCallback<AsyncExecRuntime> next, HttpClientContext context) {
    this.next = next;
    this.context = context;
  }

  @Override
  public void completed(AsyncExecRuntime runtime) {
    Leases.opened(context, runtime);
    next.completed(runtime);
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

package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/**
 * Runs the client's own {@code AsyncProtocolExec} once for each attempt, and is told what came of
 * it. No thread waits between two attempts.
 */
public final class AsyncAttempts extends Attempts implements Waits.Waiting {
  /**
   * For classes that need nothing else of the bridge: the compiler leaves the name of a constant's
   * class behind, and the relocation passes over a class in which nothing is called by that name.
   */
  static final long NO_RETRY = Enforcer.NO_RETRY;

  private final AsyncExecChainHandler protocol;
  private final HttpRequest request;
  private final @Nullable AsyncEntityProducer body;
  private final AsyncExecChain.Scope scope;
  private final AsyncExecChain chain;
  private final AsyncExecCallback application;
  private final Snapshot original;

  /** Another request's, under way with the same context when these were noted there. */
  private volatile @Nullable AsyncAttempts former;

  /** Whether another request had the same context meanwhile: no hook knows then whose it serves. */
  private volatile boolean shared;

  /** Whether there is going to be no other attempt. */
  private volatile boolean over;

  private volatile @Nullable IOException earlier;

  private AsyncAttempts(
      Call policy,
      AsyncExecChainHandler protocol,
      HttpRequest request,
      @Nullable AsyncEntityProducer body,
      AsyncExecChain.Scope scope,
      AsyncExecChain chain,
      AsyncExecCallback application) {
    super(policy, scope.route);
    this.protocol = protocol;
    this.request = request;
    this.body = body;
    this.scope = scope;
    this.chain = chain;
    this.application = application;
    this.original = new Snapshot(request);
  }

  /**
   * Begins the request.
   *
   * @return false when it is for {@code protocol} to go on by itself: the request is out of scope,
   *     or this is an attempt that this method made
   */
  public static boolean begin(
      AsyncExecChainHandler protocol,
      HttpRequest request,
      @Nullable AsyncEntityProducer body,
      AsyncExecChain.Scope scope,
      AsyncExecChain chain,
      AsyncExecCallback callback)
      throws HttpException, IOException {
    if (callback instanceof AsyncAttempt) {
      return false;
    }
    Call policy = begin(request, scope.route);
    if (policy == null) {
      AsyncAttempts other = underWay(scope.clientContext);
      if (other != null) {
        other.shared = true;
      }
      put(scope.clientContext, null);
      return false;
    }
    AsyncAttempts attempts =
        new AsyncAttempts(policy, protocol, request, body, scope, chain, callback);
    try {
      attempts.attempt();
    } catch (HttpException | IOException | RuntimeException e) {
      attempts.ended();
      throw e;
    }
    return true;
  }

  private static @Nullable AsyncAttempts underWay(HttpClientContext context) {
    Attempts noted = of(context);
    AsyncAttempts found = noted instanceof AsyncAttempts ? (AsyncAttempts) noted : null;
    return found == null || found.over ? null : found;
  }

  /** Notes these in the context, which another request may have at the same time. */
  private void note() {
    AsyncAttempts other = underWay(scope.clientContext);
    if (other == this) {
      return;
    }
    if (other != null) {
      other.shared = true;
      shared = true;
    }
    former = other;
    put(scope.clientContext, this);
  }

  /** The application is given the response, or a failure: its next request is not meanwhile. */
  void over() {
    over = true;
  }

  /** The exchange has ended; one that it was made within goes on. */
  void ended() {
    over = true;
    AsyncAttempts other = former;
    former = null;
    if (other != null && !other.over && of(scope.clientContext) == this) {
      put(scope.clientContext, other);
    }
  }

  private void attempt() throws HttpException, IOException {
    note();
    attempting();
    protocol.execute(request, body, scope, chain, new AsyncAttempt(this, application));
  }

  @Override
  protected void usedOnce() {
    Leases.add(scope.execRuntime, scope.clientContext);
  }

  /** How long to wait before the request is to be sent again instead of handing this out. */
  public long afterResponse(HttpResponse response) {
    return afterResponse(response, isRepeatable());
  }

  /**
   * An attempt failed.
   *
   * @param handed whether the application has the response already
   */
  public void failed(Exception failure, boolean handed) {
    IOException before = earlier;
    if (before != null && before != failure) {
      failure.addSuppressed(before);
    }
    long wait = Enforcer.NO_RETRY;
    if (failure instanceof IOException && !handed && !isStopped()) {
      boolean alone = !shared && of(scope.clientContext) == this;
      if (!alone) {
        policy.sending();
      }
      boolean repeatable = !policy.sent() || isRepeatable();
      wait =
          policy.afterFailure(
              kind(failure), isUnprocessed(failure, alone), repeatable, alone && isPooled());
    }
    if (wait == Enforcer.NO_RETRY) {
      fail(failure);
    } else {
      earlier = (IOException) failure;
      again(wait);
    }
  }

  private void fail(Exception failure) {
    ended();
    application.failed(failure);
  }

  /** Begins another attempt after so many milliseconds. */
  public void again(long wait) {
    scope.execRuntime.discardEndpoint();
    if (body != null && policy.sent()) {
      body.releaseResources();
    }
    Waits.begin(this, wait);
  }

  /** The wait is over, or the answer is not wanted any more. */
  @Override
  public void run() {
    if (isStopped()) {
      IOException failure = earlier;
      fail(failure != null ? failure : new InterruptedIOException("Request aborted"));
    } else {
      original.restore(request);
      try {
        if (body != null && !body.isRepeatable() && KtorBodies.canRenew(body)) {
          KtorBodies.renew(body);
        }
        attempt();
      } catch (HttpException | IOException | RuntimeException e) {
        fail(e);
      }
    }
  }

  @Override
  public boolean isStopped() {
    return scope.cancellableDependency.isCancelled() || isClosed();
  }

  private boolean isRepeatable() {
    return body == null || body.isRepeatable() || KtorBodies.canRenew(body);
  }

  /** The server did not process it: REFUSED_STREAM, or a stream that a GOAWAY left out. */
  private boolean isUnprocessed(Exception failure, boolean alone) {
    return failure.getClass().getName().endsWith(".RequestNotExecutedException")
        || H2Resets.isRefusal(failure)
        || (alone && leftOut());
  }

  private static Exception kind(Exception failure) {
    return H2Resets.isTimeout(failure) ? new SocketTimeoutException(failure.getMessage()) : failure;
  }
}

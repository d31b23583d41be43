package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.locks.LockSupport;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/**
 * Runs the client's own {@code ProtocolExec} once for each attempt: inside redirects and the
 * client's retries, around authentication, connecting and sending.
 */
public final class ClassicAttempts extends Attempts {
  private final ExecChain.Scope scope;
  private boolean running = true;

  private ClassicAttempts(Call policy, ExecChain.Scope scope) {
    super(policy, scope.route);
    this.scope = scope;
  }

  /**
   * Runs the request.
   *
   * @return null when it is for {@code protocol} to go on by itself: the request is out of scope,
   *     or this is an attempt that this method made
   */
  public static @Nullable ClassicHttpResponse run(
      ExecChainHandler protocol, ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    HttpClientContext context = scope.clientContext;
    Attempts outer = of(context);
    ClassicAttempts running =
        outer instanceof ClassicAttempts && ((ClassicAttempts) outer).running
            ? (ClassicAttempts) outer
            : null;
    if (running != null && running.scope == scope) {
      return null;
    }
    beginsAnother();
    Call policy = begin(request, scope.route);
    ClassicAttempts attempts = policy == null ? null : new ClassicAttempts(policy, scope);
    put(context, attempts);
    if (attempts == null && running == null) {
      return null;
    }
    Object before = enter(context, attempts);
    try {
      return attempts == null
          ? protocol.execute(request, scope, chain)
          : attempts.run(protocol, request, chain);
    } finally {
      leave(before);
      if (attempts != null) {
        attempts.running = false;
      }
      // What runs inside an attempt may make a request of its own with the same context.
      if (running != null) {
        put(context, running);
      }
    }
  }

  private ClassicHttpResponse run(
      ExecChainHandler protocol, ClassicHttpRequest request, ExecChain chain)
      throws IOException, HttpException {
    Snapshot original = new Snapshot(request);
    IOException earlier = null;
    while (true) {
      attempting();
      try {
        ClassicHttpResponse response = protocol.execute(request, scope, chain);
        long wait = afterResponse(response, isRepeatable(request));
        if (wait == Enforcer.NO_RETRY) {
          return response;
        }
        response.close();
        if (!await(wait)) {
          throw new InterruptedIOException("Request aborted");
        }
      } catch (IOException e) {
        if (earlier != null && earlier != e) {
          e.addSuppressed(earlier);
        }
        boolean repeatable = !policy.sent() || isRepeatable(request);
        long wait =
            failedWithin() || isStopped()
                ? Enforcer.NO_RETRY
                : policy.afterFailure(e, false, repeatable, isPooled());
        if (wait == Enforcer.NO_RETRY || !await(wait)) {
          throw e;
        }
        earlier = e;
      }
      original.restore(request);
    }
  }

  private static boolean isRepeatable(ClassicHttpRequest request) {
    HttpEntity body = request.getEntity();
    return body == null || body.isRepeatable();
  }

  /** Waits; false when the request was cancelled, its client closed or its thread interrupted. */
  private boolean await(long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    while (!isStopped()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return true;
      }
      LockSupport.parkNanos(Math.min(left, TICK_MILLIS * 1_000_000));
    }
    return false;
  }

  private boolean isStopped() {
    return scope.execRuntime.isExecutionAborted()
        || Thread.currentThread().isInterrupted()
        || isClosed();
  }
}

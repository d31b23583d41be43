package dev.freshwire.clients.ktorcio;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import io.ktor.client.engine.ClientEngineClosedException;
import io.ktor.client.engine.HttpClientEngine;
import io.ktor.client.engine.KtorCallContextElement;
import io.ktor.client.plugins.HttpRequestTimeoutException;
import io.ktor.client.request.HttpRequestData;
import io.ktor.client.request.HttpResponseData;
import io.ktor.http.Url;
import java.nio.channels.UnresolvedAddressException;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import kotlin.ResultKt;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request: calls the engine's suspend function once for each. Every attempt has
 * a job of its own below the call's, so that a failed one can be ended with all that belongs to it.
 *
 * <p>One attempt ends before the next one begins: used by one thread at a time, whichever the
 * coroutine's dispatcher chooses.
 */
public final class Attempts {
  /** The attempts under way, by what the engine was called with. */
  private static final Map<HttpRequestData, Attempt> RUNNING = new ConcurrentHashMap<>();

  private final HttpClientEngine engine;
  private final HttpRequestData request;
  private final Continuation<Object> caller;
  private final CoroutineContext callContext;
  private final Call policy;
  private @Nullable Throwable earlier;

  private Attempts(
      HttpClientEngine engine,
      HttpRequestData request,
      Continuation<Object> caller,
      CoroutineContext callContext,
      Call policy) {
    this.engine = engine;
    this.request = request;
    this.caller = caller;
    this.callContext = callContext;
    this.policy = policy;
  }

  /** The attempt that is made with this request; null out of scope. */
  public static @Nullable Attempt attempting(HttpRequestData request) {
    return RUNNING.get(request);
  }

  /**
   * Runs the call.
   *
   * @param request null where the engine's function goes on after it was suspended
   * @return null when it is for the engine to go on by itself: the call is out of scope, or this is
   *     an attempt that was begun here
   */
  public static @Nullable Object run(
      HttpClientEngine engine, @Nullable HttpRequestData request, Continuation<Object> caller) {
    if (request == null || caller instanceof Attempt) {
      return null;
    }
    Url url = request.getUrl();
    String host = url.getHost();
    if (!Enforcer.covers(host, url.getPort()) || Requests.isUpgrade(request)) {
      return null;
    }
    KtorCallContextElement element =
        caller
            .getContext()
            .get((CoroutineContext.Key<KtorCallContextElement>) KtorCallContextElement.Companion);
    if (element == null) {
      return null;
    }
    Call policy =
        Enforcer.call(
            request.getMethod().getValue(),
            host,
            url.getPort(),
            url.toString(),
            request.getHeaders().contains(Requests.RETRY_COUNT),
            request.getHeaders().contains("Idempotency-Key"));
    if (policy == null) {
      return null;
    }
    Attempts attempts = new Attempts(engine, request, caller, element.getCallContext(), policy);
    Object outcome = attempts.next();
    if (outcome != IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
      ResultKt.throwOnFailure(outcome);
    }
    return outcome;
  }

  private Attempt begin() {
    policy.attempting();
    HttpRequestData sent =
        policy.attempt() == 0 ? request : Requests.repeated(request, policy.attempt());
    return new Attempt(this, policy, engine, sent, caller.getContext(), callContext);
  }

  /** What came of it, a failure wrapped up as Kotlin does, or that it is suspended. */
  private Object call(Attempt attempt) {
    RUNNING.put(attempt.request(), attempt);
    try {
      return Objects.requireNonNull(engine.execute(attempt.request(), attempt));
    } catch (Throwable e) {
      return ResultKt.createFailure(e);
    }
  }

  /** An attempt that was suspended has ended. */
  public void ended(Attempt attempt, Object outcome) {
    deliver(decide(attempt, outcome));
  }

  /** The wait before the next attempt is over, or was ended. */
  public void waited(Pause pause, boolean cancelled) {
    deliver(cancelled ? stopped(pause) : next());
  }

  /** What comes of another attempt. */
  Object next() {
    Attempt attempt = begin();
    Object outcome = call(attempt);
    return outcome == IntrinsicsKt.getCOROUTINE_SUSPENDED() ? outcome : decide(attempt, outcome);
  }

  /** What the caller gets when it was cancelled, or the engine closed, during the wait. */
  Object stopped(Pause pause) {
    Job job = caller.getContext().get(Job.Key);
    if (job != null && !job.isActive()) {
      return ResultKt.createFailure(job.getCancellationException());
    }
    return pause.outcome() instanceof HttpResponseData
        ? ResultKt.createFailure(new ClientEngineClosedException(null))
        : pause.outcome();
  }

  private void deliver(Object outcome) {
    if (outcome != IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
      caller.resumeWith(outcome);
    }
  }

  /** What the caller gets, or that it has to wait for the next attempt. */
  private Object decide(Attempt attempt, Object outcome) {
    RUNNING.remove(attempt.request());
    attempt.answered();
    Throwable failure = attempt.failure(outcome);
    long wait;
    if (failure == null) {
      HttpResponseData response = (HttpResponseData) outcome;
      wait =
          policy.afterResponse(
              response.getStatusCode().getValue(),
              response.getHeaders().get("Retry-After"),
              Requests.isRepeatable(request));
      if (wait == Enforcer.NO_RETRY) {
        attempt.handOver();
        return outcome;
      }
      attempt.discard();
    } else {
      attempt.discard();
      if (earlier != null && earlier != failure) {
        failure.addSuppressed(earlier);
      }
      outcome = ResultKt.createFailure(failure);
      boolean repeatable = !policy.sent() || Requests.isRepeatable(request);
      wait =
          isLasting(failure)
              ? Enforcer.NO_RETRY
              : policy.afterFailure(failure, false, repeatable, false);
      if (wait == Enforcer.NO_RETRY) {
        return outcome;
      }
      earlier = failure;
    }
    return new Pause(this, outcome, engine, caller.getContext()).begin(wait);
  }

  /** Cancelled, closed or used wrongly: what a fault of the network is never told by. */
  private static boolean isLasting(Throwable failure) {
    return failure instanceof CancellationException
        || failure instanceof HttpRequestTimeoutException
        || failure instanceof Error
        || (failure instanceof RuntimeException
            && !(failure instanceof UnresolvedAddressException)
            && !(failure instanceof NoSuchElementException));
  }
}

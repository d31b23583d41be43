package dev.freshwire.clients.ktorcio;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import io.ktor.client.engine.HttpClientEngine;
import io.ktor.client.engine.KtorCallContextElement;
import io.ktor.client.request.HttpRequestData;
import io.ktor.http.Url;
import java.net.SocketTimeoutException;
import java.util.concurrent.CancellationException;
import kotlin.ResultKt;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import kotlinx.coroutines.SupervisorKt;
import org.jspecify.annotations.Nullable;

/**
 * One call of the engine, and what it hands its result to. CIO writes a body in a coroutine of its
 * own, whose failure ends the job that it belongs to and every one above: the attempt's, and not
 * the call's, since there is a supervisor between them.
 */
public final class Attempt implements Continuation<Object> {
  private final Attempts attempts;
  private final Call policy;
  private final HttpClientEngine engine;
  private final HttpRequestData request;
  private final Job callJob;
  private final CompletableJob supervisor;
  private final CompletableJob job;
  private final CoroutineContext callContext;
  private final CoroutineContext context;
  private @Nullable Alarm alarm;
  private volatile @Nullable SocketTimeoutException timeout;
  private boolean opened;

  Attempt(
      Attempts attempts,
      Call policy,
      HttpClientEngine engine,
      HttpRequestData request,
      CoroutineContext caller,
      CoroutineContext callContext) {
    this.attempts = attempts;
    this.policy = policy;
    this.engine = engine;
    this.request = request;
    this.callJob = JobKt.getJob(callContext);
    this.supervisor = SupervisorKt.SupervisorJob(callJob);
    this.job = JobKt.Job(supervisor);
    this.callContext = callContext.plus(job);
    this.context = caller.plus(new KtorCallContextElement(this.callContext)).plus(job);
  }

  HttpRequestData request() {
    return request;
  }

  @Override
  public CoroutineContext getContext() {
    return context;
  }

  @Override
  public void resumeWith(Object outcome) {
    attempts.ended(this, outcome);
  }

  /**
   * It begins to connect: the time that a connect of TCP may take, instead of {@code millis}. TCP
   * and TLS together, and connects that CIO repeats, have what the policy leaves: CIO bounds no
   * handshake, so a shorter limit that the application or CIO chose is none for it.
   */
  public synchronized int connecting(int millis) {
    int capped = policy.connectTimeout(millis);
    if (alarm == null
        && policy.enforced()
        && request.getUrl().getProtocol().getName().equals("https")) {
      int left = millis > 0 && capped == millis ? policy.connectTimeout(0) : capped;
      if (left > 0) {
        alarm = new Alarm(this, callContext, job, "connect timed out");
        alarm.set(left);
      }
    }
    return capped;
  }

  /** It begins to write. */
  public synchronized void sending() {
    if (opened) {
      return;
    }
    opened = true;
    policy.sending();
    Url url = request.getUrl();
    Enforcer.opened(url.getHost(), url.getPort());
    cancelAlarm();
    if (!Requests.isShort(request)) {
      // How long it takes to write is not how long it takes to answer.
      return;
    }
    int chosen;
    try {
      chosen = Requests.readTimeout(engine, request);
    } catch (ReflectiveOperationException e) {
      Enforcer.hookFailed("ktorcio read-timeout", e);
      return;
    }
    int wanted =
        chosen < 0 ? chosen : Enforcer.readTimeout(url.getHost(), url.getPort(), chosen, false);
    if (wanted > 0 && wanted != chosen) {
      alarm = new Alarm(this, callContext, job, "no response");
      alarm.set(wanted);
    }
  }

  /** It has taken too long. */
  void timedOut(String message) {
    SocketTimeoutException reason = new SocketTimeoutException(message);
    timeout = reason;
    CancellationException cancellation = new CancellationException(message);
    cancellation.initCause(reason);
    job.cancel(cancellation);
  }

  /** It has ended: nothing is waited for any more. */
  synchronized void answered() {
    opened = true;
    cancelAlarm();
  }

  private void cancelAlarm() {
    Alarm set = alarm;
    alarm = null;
    if (set != null) {
      set.cancel();
    }
  }

  /** What it failed with; null if it was answered. */
  @Nullable Throwable failure(Object outcome) {
    try {
      ResultKt.throwOnFailure(outcome);
      return null;
    } catch (Throwable e) {
      if (!(e instanceof CancellationException)) {
        return e;
      }
      SocketTimeoutException reason = timeout;
      return reason != null ? reason : cause(e);
    }
  }

  /** What ended the job, where that was not whoever made the call. */
  private Throwable cause(Throwable cancellation) {
    Throwable cause = cancellation;
    while (cause instanceof CancellationException && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return callJob.isActive() ? cause : cancellation;
  }

  /** Ends all that belongs to it: CIO closes the connection when the job of its call ends. */
  void discard() {
    supervisor.cancel((CancellationException) null);
  }

  /** The response is the application's: when it has done with it, the call has ended. */
  void handOver() {
    job.invokeOnCompletion(new Completion(supervisor));
    supervisor.invokeOnCompletion(new Completion(callJob));
  }
}

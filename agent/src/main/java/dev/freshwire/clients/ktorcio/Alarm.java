package dev.freshwire.clients.ktorcio;

import java.util.concurrent.CancellationException;
import kotlin.ResultKt;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.ContinuationInterceptor;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.DelayKt;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;

/** Ends an attempt after a while, unless it is cancelled before. */
public final class Alarm implements Continuation<Object> {
  private final Attempt attempt;
  private final String message;
  private final CompletableJob job;
  private final CoroutineContext context;

  Alarm(Attempt attempt, CoroutineContext context, Job parent, String message) {
    this.attempt = attempt;
    this.message = message;
    this.job = JobKt.Job(parent);
    this.context = context.plus(job);
  }

  void set(long millis) {
    try {
      if (DelayKt.delay(millis, intercepted(this)) != IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
        resumeWith(Unit.INSTANCE);
      }
    } catch (CancellationException e) {
      // The attempt has ended already.
    }
  }

  /** The continuation as the context's dispatcher resumes it. */
  static Continuation<Object> intercepted(Continuation<Object> continuation) {
    ContinuationInterceptor interceptor =
        continuation.getContext().get(ContinuationInterceptor.Key);
    return interceptor == null ? continuation : interceptor.interceptContinuation(continuation);
  }

  void cancel() {
    job.cancel((CancellationException) null);
  }

  @Override
  public CoroutineContext getContext() {
    return context;
  }

  @Override
  public void resumeWith(Object outcome) {
    try {
      ResultKt.throwOnFailure(outcome);
    } catch (Throwable cancelled) {
      return;
    }
    job.complete();
    attempt.timedOut(message);
  }
}

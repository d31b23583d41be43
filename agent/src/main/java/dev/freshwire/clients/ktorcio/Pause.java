package dev.freshwire.clients.ktorcio;

import io.ktor.client.engine.HttpClientEngine;
import java.util.concurrent.CancellationException;
import kotlin.ResultKt;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.CoroutineContext;
import kotlin.coroutines.intrinsics.IntrinsicsKt;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.DelayKt;
import kotlinx.coroutines.DisposableHandle;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import org.jspecify.annotations.Nullable;

/**
 * The wait before the next attempt, in the context of whoever made the request: ends early when
 * that is cancelled, or the engine is closed.
 */
public final class Pause implements Continuation<Object> {
  private final Attempts attempts;
  private final Object outcome;
  private final CompletableJob job;
  private final CoroutineContext context;
  private final @Nullable Job engine;
  private volatile @Nullable DisposableHandle engineClosed;

  Pause(Attempts attempts, Object outcome, HttpClientEngine engine, CoroutineContext caller) {
    this.attempts = attempts;
    this.outcome = outcome;
    this.job = JobKt.Job(caller.get(Job.Key));
    this.context = caller.plus(job);
    this.engine = engine.getCoroutineContext().get(Job.Key);
  }

  /**
   * Begins.
   *
   * @return that the caller is suspended; or what it gets, when there was nothing to wait for
   */
  Object begin(long millis) {
    if (engine != null) {
      engineClosed = engine.invokeOnCompletion(new Completion(job, true));
    }
    try {
      if (DelayKt.delay(millis, Alarm.intercepted(this)) == IntrinsicsKt.getCOROUTINE_SUSPENDED()) {
        return IntrinsicsKt.getCOROUTINE_SUSPENDED();
      }
    } catch (CancellationException e) {
      end();
      return attempts.stopped(this);
    }
    // It was over before it could suspend, and nobody will resume it.
    end();
    return attempts.next();
  }

  /** What the caller gets if there is no next attempt. */
  Object outcome() {
    return outcome;
  }

  @Override
  public CoroutineContext getContext() {
    return context;
  }

  @Override
  public void resumeWith(Object waited) {
    boolean cancelled = false;
    try {
      ResultKt.throwOnFailure(waited);
    } catch (Throwable e) {
      cancelled = true;
    }
    end();
    attempts.waited(this, cancelled);
  }

  private void end() {
    job.complete();
    DisposableHandle handle = engineClosed;
    if (handle != null) {
      handle.dispose();
    }
  }
}

package dev.freshwire.clients.ktorcio;

import java.util.concurrent.CancellationException;
import kotlin.Unit;
import kotlin.jvm.functions.Function1;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.Job;
import org.jspecify.annotations.Nullable;

/** Has one job end with another: well if the other ended well, cancelled otherwise. */
public final class Completion implements Function1<Throwable, Unit> {
  private final Job job;
  private final boolean always;

  Completion(Job job) {
    this(job, false);
  }

  /**
   * As above.
   *
   * @param always whether it is cancelled even if the other ended well
   */
  Completion(Job job, boolean always) {
    this.job = job;
    this.always = always;
  }

  @Override
  public Unit invoke(@Nullable Throwable cause) {
    if (cause == null && !always && job instanceof CompletableJob) {
      ((CompletableJob) job).complete();
    } else {
      job.cancel(cancellation(cause));
    }
    return Unit.INSTANCE;
  }

  private static @Nullable CancellationException cancellation(@Nullable Throwable cause) {
    if (cause == null || cause instanceof CancellationException) {
      return (CancellationException) cause;
    }
    CancellationException cancellation = new CancellationException(cause.getMessage());
    cancellation.initCause(cause);
    return cancellation;
  }
}

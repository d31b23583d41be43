package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;

/**
 * One call of the application, {@code send} or {@code sendAsync}, with its redirects and
 * challenges. What {@code responseAsyncImpl} promises is the head of a response: the application's
 * body handler comes after it and sees one response only.
 */
@Rewrites("jdk.internal.net.http.MultiExchange")
public final class MultiExchangeAdvice {
  private MultiExchangeAdvice() {}

  @Hook(purpose = "attempt", method = "responseAsyncImpl")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void attempting(
      @Advice.This Object call, @Advice.FieldValue("currentreq") HttpRequest request) {
    Attempts.attempting(call, request);
  }

  /** The head of a response is there. The client's filters, which may not like it, are next. */
  @Hook(purpose = "answered", optional = true, method = "responseFilters")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void answered(@Advice.This Object call) {
    Attempts.answered(call);
  }

  /** True makes the JDK think that it has sent the request again already. */
  @Hook(purpose = "replay", method = "responseAsyncImpl")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("retriedOnce"))
  public static boolean once(
      @Advice.This Object call, @Advice.FieldValue("retriedOnce") boolean retried) {
    return Attempts.isEnforced(call) || retried;
  }

  /** As up to 17. */
  @Hook(purpose = "replay", method = "responseAsyncImpl")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("expiredOnce"))
  public static boolean onceUpTo17(
      @Advice.This Object call, @Advice.FieldValue("expiredOnce") boolean expired) {
    return Attempts.isEnforced(call) || expired;
  }

  /** From 26 on it counts, and asks here whether there were enough of them. */
  @Hook(purpose = "replay", method = "checkRetryEligible")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void replaying(@Advice.This Object call) {
    Attempts.failed(call);
  }

  @Hook(purpose = "retry", method = "responseAsyncImpl")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static CompletableFuture<?> retried(
      @Advice.This Object call, @Advice.Return CompletableFuture<?> response) {
    return Attempts.retried(call, response);
  }

  @Hook(purpose = "connect-timeout", optional = true, method = "remainingConnectTimeout")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static Optional<Duration> connectTimeout(
      @Advice.This Object call,
      @Advice.FieldValue("currentreq") HttpRequest request,
      @Advice.Return Optional<Duration> remaining) {
    return Attempts.connectTimeout(call, request, remaining);
  }

  /** The future of the call was cancelled, or the thread interrupted that waits in {@code send}. */
  @Hook(purpose = "cancel", optional = true, method = "cancel", taking = "boolean")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void cancelled(@Advice.This Object call) {
    Attempts.cancelled(call);
  }
}

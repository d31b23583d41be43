package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import net.bytebuddy.asm.Advice;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** The policy's retries around OkHttp's own, and OkHttp's own only where nothing was sent. */
@Rewrites("okhttp3.internal.http.RetryAndFollowUpInterceptor")
public final class RetryAndFollowUpAdvice {
  private static final int CLIENT_TIMEOUT = 408;
  private static final int UNAVAILABLE = 503;

  private RetryAndFollowUpAdvice() {}

  /** What it throws is what the call throws: nothing is suppressed here. */
  @Hook(purpose = "retry", method = "intercept")
  @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
  public static @Nullable Response attempts(
      @Advice.This Interceptor interceptor, @Advice.Argument(0) Interceptor.Chain chain)
      throws IOException {
    return Attempts.run(interceptor, chain);
  }

  @Hook(purpose = "retry", method = "intercept")
  @Advice.OnMethodExit(inline = false)
  @Advice.AssignReturned.ToReturned
  public static Response answer(
      @Advice.Enter @Nullable Response answered, @Advice.Return Response response) {
    return answered != null ? answered : response;
  }

  /**
   * OkHttp sends a request again, POST included, when it fails on a connection that was used before
   * (3.14, 4.12, 5.3: measured). Its other recovery, trying the next address, goes on.
   */
  @Hook(purpose = "unsafe-replay", method = "recover", taking = "java.io.IOException")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean ownReplay(@OfType IOException failure) {
    Attempts attempts = Attempts.current();
    return attempts != null && attempts.suppressesReplay(failure);
  }

  /** OkHttp repeats a request of any method on 408, and on 503 with {@code Retry-After: 0}. */
  @Hook(purpose = "unsafe-replay", method = "followUpRequest", taking = "okhttp3.Response")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static @Nullable Request followUp(
      @OfType Response response, @Advice.Return @Nullable Request followUp) {
    Attempts attempts = Attempts.current();
    if (attempts == null || !attempts.isCovered() || followUp == null) {
      return followUp;
    }
    boolean replay = response.code() == CLIENT_TIMEOUT || response.code() == UNAVAILABLE;
    if (replay && attempts.suppressesReplay()) {
      return null;
    }
    attempts.followUp();
    return followUp;
  }
}

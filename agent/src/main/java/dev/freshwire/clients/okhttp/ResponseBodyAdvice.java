package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import okio.Source;

/** See {@link CompleteSource}. 3.12 releases the connection at END_STREAM and needs none of it. */
@Rewrites("okhttp3.internal.connection.Exchange$ResponseBodySource")
public final class ResponseBodyAdvice {
  private ResponseBodyAdvice() {}

  @Hook(
      purpose = "end-of-stream",
      optional = true,
      method = "<init>",
      taking = {"okio.Source", "long"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
  public static Source complete(
      @Advice.Argument(1) Source body, @Advice.Argument(2) long contentLength) {
    boolean http2 = body.getClass().getName().startsWith("okhttp3.internal.http2.");
    Attempts attempts = Attempts.current();
    return http2 && contentLength >= 0 && attempts != null && attempts.isEnforced()
        ? new CompleteSource(body, contentLength)
        : body;
  }
}

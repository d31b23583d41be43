package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import okhttp3.Request;

/** The first byte of a request is about to be written: from here on it may reach the server. */
@Rewrites({
  "okhttp3.internal.connection.Exchange",
  "okhttp3.internal.http1.Http1Codec",
  "okhttp3.internal.http2.Http2Codec"
})
public final class RequestHeadersAdvice {
  private RequestHeadersAdvice() {}

  @Hook(
      purpose = "sent",
      everywhere = true,
      method = "writeRequestHeaders",
      taking = "okhttp3.Request")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
  public static Request sending(@Advice.Argument(0) Request request) {
    Attempts attempts = Attempts.current();
    return attempts == null ? request : attempts.sending(request);
  }
}

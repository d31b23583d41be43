package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import jdk.internal.net.http.frame.ResetFrame;
import net.bytebuddy.asm.Advice;

/** One HTTP/2 exchange. */
@Rewrites("jdk.internal.net.http.Stream")
public final class StreamAdvice {
  private static final int REFUSED_STREAM = 7;

  private StreamAdvice() {}

  @Hook(purpose = "sent", everywhere = true, method = "sendHeadersAsync")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(@Advice.This Object stream) {
    Attempts.sending(stream);
  }

  @Hook(purpose = "read-timeout", method = "getResponseAsync")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void waiting(@Advice.This Object stream) {
    Attempts.waiting(stream);
  }

  /** JDKs without JDK-8335181 do not tell it from any other failure. */
  @Hook(purpose = "unprocessed", method = "incoming_reset")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void reset(@Advice.This Object stream, @OfType ResetFrame frame) {
    if (frame.getErrorCode() == REFUSED_STREAM) {
      Connections.unprocessed(stream);
    }
  }
}

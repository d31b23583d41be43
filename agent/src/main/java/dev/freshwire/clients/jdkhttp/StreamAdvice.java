package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import jdk.internal.net.http.frame.ResetFrame;
import net.bytebuddy.asm.Advice;

/** One exchange of HTTP/2, or from 26 on of HTTP/3. */
@Rewrites({"jdk.internal.net.http.Stream", "jdk.internal.net.http.Http3ExchangeImpl"})
public final class StreamAdvice {
  private static final int REFUSED_STREAM = 7;

  private StreamAdvice() {}

  @Hook(purpose = "sent", everywhere = true, method = "sendHeadersAsync")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(@Advice.This Object exchange) {
    Attempts.sending(exchange);
  }

  /**
   * The headers of a stream of HTTP/2 leave when it is registered, and only then. One that is
   * cancelled meanwhile, because its connection has ended, must not be sent any more.
   */
  @Hook(purpose = "leaving", method = "registerStream", taking = "boolean")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static boolean leaving(
      @Advice.This Object stream,
      @Advice.Argument(1) boolean otherwise,
      @Advice.Return boolean registered) {
    // Otherwise it is a pushed one, or the answer to an upgrade of HTTP/1.1.
    return otherwise || !registered ? registered : Attempts.mayLeave(stream);
  }

  @Hook(purpose = "read-timeout", method = "getResponseAsync")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void waiting(@Advice.This Object exchange) {
    Attempts.waiting(exchange);
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

package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import jdk.internal.net.http.frame.GoAwayFrame;
import net.bytebuddy.asm.Advice;

/** One HTTP/2 connection. */
@Rewrites("jdk.internal.net.http.Http2Connection")
public final class Http2ConnectionAdvice {
  private Http2ConnectionAdvice() {}

  /** By itself it would say GOAWAY and leave it to the server to close. */
  @Hook(purpose = "http2-close", method = "closeStream")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void closed(
      @Advice.This Object connection, @Advice.FieldValue("streams") Map<Integer, ?> streams) {
    if (streams.isEmpty()) {
      Connections.idle(connection);
    }
  }

  /** By itself it takes a handshake that was broken off for a server without HTTP/2. */
  @Hook(purpose = "negotiation", optional = true, method = "checkSSLConfig")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static CompletableFuture<?> negotiated(
      @Advice.Argument(0) Object connection, @Advice.Return CompletableFuture<?> negotiated) {
    return Connections.negotiated(connection, negotiated);
  }

  /** JDKs without JDK-8335181 do not tell it from any other failure. */
  @Hook(purpose = "unprocessed", method = "handleGoAway")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void goAway(
      @OfType GoAwayFrame frame, @Advice.FieldValue("streams") Map<Integer, ?> streams) {
    for (Map.Entry<Integer, ?> stream : streams.entrySet()) {
      if (stream.getKey() > frame.getLastStream()) {
        Connections.unprocessed(stream.getValue());
      }
    }
  }
}

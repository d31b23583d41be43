package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.nio.command.RequestExecutionCommand;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.reactor.Command;
import org.apache.hc.core5.reactor.IOSession;
import org.apache.hc.core5.util.Timeout;

/** All that the application may have chosen has been set on the connection by now. */
@Rewrites("org.apache.hc.client5.http.impl.nio.DefaultManagedAsyncClientConnection")
public final class AsyncReadTimeoutAdvice {
  private AsyncReadTimeoutAdvice() {}

  @Hook(purpose = "read-timeout", method = "submitCommand")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void apply(
      @Advice.This HttpConnection connection,
      @OfType Command command,
      @Advice.FieldValue("ioSession") IOSession session) {
    if (!(command instanceof RequestExecutionCommand)) {
      return;
    }
    HttpContext context = ((RequestExecutionCommand) command).getContext();
    Attempts attempts = Attempts.of(context);
    if (attempts == null) {
      return;
    }
    attempts.sentOver(session);
    Timeout now = connection.getSocketTimeout();
    Timeout timeout = ReadTimeouts.instead(now, context, attempts.target());
    if (timeout != null) {
      attempts.readTimeout(connection, now);
      connection.setSocketTimeout(timeout);
    }
  }
}

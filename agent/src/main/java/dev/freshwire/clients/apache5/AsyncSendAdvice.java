package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.core5.http.HttpRequest;

/** The connection is there; with TLS its handshake may still be under way. */
@Rewrites({
  "org.apache.hc.client5.http.impl.async.HttpAsyncMainClientExec",
  "org.apache.hc.client5.http.impl.async.H2AsyncMainClientExec"
})
public final class AsyncSendAdvice {
  private AsyncSendAdvice() {}

  @Hook(purpose = "retry-count", method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void mark(@OfType HttpRequest request, @OfType AsyncExecChain.Scope scope) {
    Attempts attempts = Attempts.of(scope.clientContext);
    if (attempts != null) {
      boolean connect = request.getMethod().equals("CONNECT");
      attempts.tunnelling(connect);
      if (!connect) {
        attempts.mark(request);
      }
    }
  }

  /** Hears of the answer before the client decides over its connection. */
  @Hook(purpose = "handshake", method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(4))
  public static AsyncExecCallback listening(
      @Advice.Argument(4) AsyncExecCallback callback, @OfType AsyncExecChain.Scope scope) {
    Attempts attempts = Attempts.of(scope.clientContext);
    return attempts == null
        ? callback
        : new HandshakeCallback(callback, attempts, scope.clientContext);
  }
}

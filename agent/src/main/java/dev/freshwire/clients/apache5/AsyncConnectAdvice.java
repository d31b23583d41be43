package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.async.AsyncExecChain;

/** An exchange that is redirected, or answers a challenge, still holds the connection it had. */
@Rewrites("org.apache.hc.client5.http.impl.async.AsyncConnectExec")
public final class AsyncConnectAdvice {
  private AsyncConnectAdvice() {}

  @Hook(purpose = "reuse", method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void discard(@OfType AsyncExecChain.Scope scope) {
    if (scope.execRuntime.isEndpointAcquired()
        && Leases.refuses(scope.execRuntime, scope.route, scope.clientContext)) {
      scope.execRuntime.discardEndpoint();
    }
  }
}

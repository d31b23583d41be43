package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.classic.ExecChain;

/** An exchange that answers a challenge still holds the connection it had, which was closed. */
@Rewrites("org.apache.hc.client5.http.impl.classic.ConnectExec")
public final class ClassicConnectAdvice {
  private ClassicConnectAdvice() {}

  @Hook(purpose = "challenge", method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void discard(@OfType ExecChain.Scope scope) {
    Leases.discardClosed(scope.execRuntime, scope.clientContext);
  }
}

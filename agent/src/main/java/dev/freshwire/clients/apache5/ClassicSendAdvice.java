package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.core5.http.ClassicHttpRequest;

/** The connection is there: from here on the request may reach the server. */
@Rewrites("org.apache.hc.client5.http.impl.classic.MainClientExec")
public final class ClassicSendAdvice {
  private ClassicSendAdvice() {}

  @Hook(purpose = "sent", everywhere = true, method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(@OfType ClassicHttpRequest request, @OfType ExecChain.Scope scope) {
    Attempts attempts = Attempts.of(scope.clientContext);
    if (attempts != null) {
      attempts.mark(request);
      attempts.sending();
    }
  }
}

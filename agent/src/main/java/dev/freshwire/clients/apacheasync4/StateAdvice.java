package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/**
 * Where the client notes which response is the application's. The body of any other it reads and
 * forgets.
 */
@Rewrites("org.apache.http.impl.nio.client.InternalState")
public final class StateAdvice {
  private StateAdvice() {}

  @Hook(purpose = "retry-status", method = "setFinalResponse")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
  public static @Nullable HttpResponse handing(@Advice.Argument(0) HttpResponse response) {
    return Exchange.handing(response);
  }
}

package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import okhttp3.Interceptor;

/**
 * The last place where a chain's timeouts can be set, and the first that knows the redirect's host.
 */
@Rewrites("okhttp3.internal.connection.ConnectInterceptor")
public final class ConnectInterceptorAdvice {
  private ConnectInterceptorAdvice() {}

  @Hook(purpose = "read-timeout", method = "intercept")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
  public static Interceptor.Chain readTimeout(@Advice.Argument(0) Interceptor.Chain chain) {
    return ReadTimeouts.applied(chain);
  }
}

package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.reactor.SessionRequest;

/**
 * A connection that is being made. The reactor sets what its configuration says, and the pool then
 * what the request's says, if that says anything.
 */
@Rewrites("org.apache.http.impl.nio.reactor.SessionRequestImpl")
public final class ConnectTimeoutAdvice {
  private ConnectTimeoutAdvice() {}

  @Hook(purpose = "connect-timeout", method = "setConnectTimeout")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
  public static int cap(@Advice.Argument(0) int millis, @Advice.This SessionRequest request) {
    Object route = request.getAttachment();
    // Others than the client's pool use reactors, too.
    return route instanceof HttpRoute ? Timeouts.connectTimeout(millis, (HttpRoute) route) : millis;
  }
}

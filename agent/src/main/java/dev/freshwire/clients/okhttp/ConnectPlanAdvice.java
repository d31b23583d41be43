package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import okhttp3.Route;

/** What connecting may take in 5.x, where a plan for each route holds the timeouts. */
@Rewrites("okhttp3.internal.connection.ConnectPlan")
public final class ConnectPlanAdvice {
  private ConnectPlanAdvice() {}

  @Hook(
      purpose = "connect-timeout",
      method = "<init>",
      taking = {"int", "int", "int", "int", "okhttp3.Route"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(4))
  public static int tcp(@Advice.Argument(4) int millis, @OfType Route route) {
    return RealConnectionAdvice.capped(millis, route);
  }

  @Hook(
      purpose = "connect-timeout",
      method = "<init>",
      taking = {"int", "int", "int", "int", "okhttp3.Route"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(5))
  public static int tls(@Advice.Argument(5) int millis, @OfType Route route) {
    return RealConnectionAdvice.capped(millis, route);
  }
}

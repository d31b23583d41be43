package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.util.concurrent.Future;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.pool.ManagedConnPool;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The multiplexing of 5.5 and later leases one HTTP/2 connection to several exchanges at once. */
@Rewrites("org.apache.hc.client5.http.impl.nio.H2SharingConnPool")
public final class H2SharingAdvice {
  private H2SharingAdvice() {}

  @Hook(purpose = "multiplexing", optional = true, method = "lease")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  @SuppressWarnings({"unchecked", "rawtypes"})
  public static @Nullable Future alone(
      @Advice.Argument(0) Object route,
      @Advice.Argument(1) Object state,
      @Advice.Argument(2) Timeout timeout,
      @Advice.Argument(3) FutureCallback callback,
      @Advice.FieldValue("pool") ManagedConnPool pool) {
    return route instanceof HttpRoute && !Leases.mayReuseFreely((HttpRoute) route)
        ? pool.lease(route, state, timeout, callback)
        : null;
  }

  @Hook(purpose = "multiplexing", optional = true, method = "lease")
  @Advice.OnMethodExit(inline = false)
  @Advice.AssignReturned.ToReturned
  @SuppressWarnings("rawtypes")
  public static Future leased(@Advice.Enter @Nullable Future alone, @Advice.Return Future shared) {
    return alone != null ? alone : shared;
  }
}

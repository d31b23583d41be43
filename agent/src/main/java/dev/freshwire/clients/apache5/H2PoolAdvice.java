package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.util.concurrent.Future;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.concurrent.FutureCallback;
import org.apache.hc.core5.reactor.AbstractIOSessionPool;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/** The pool of that client has one session for each host: one in scope does not come from it. */
@Rewrites("org.apache.hc.core5.reactor.AbstractIOSessionPool")
public final class H2PoolAdvice {
  private H2PoolAdvice() {}

  @Hook(purpose = "reuse", method = "getSession")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  @SuppressWarnings("rawtypes")
  public static @Nullable Future fresh(
      @Advice.This AbstractIOSessionPool pool,
      @Advice.Argument(0) Object endpoint,
      @OfType Timeout timeout,
      @OfType FutureCallback callback)
      throws ReflectiveOperationException {
    return FreshSessions.connect(pool, endpoint, timeout, callback);
  }

  @Hook(purpose = "reuse", method = "getSession")
  @Advice.OnMethodExit(inline = false)
  @Advice.AssignReturned.ToReturned
  @SuppressWarnings("rawtypes")
  public static Future session(@Advice.Enter @Nullable Future fresh, @Advice.Return Future pooled) {
    return fresh != null ? fresh : pooled;
  }
}

package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;

/** Where a closed client that speaks nothing but HTTP/2 ends the waits of its requests. */
@Rewrites("org.apache.hc.client5.http.impl.async.InternalH2ConnPool")
public final class H2CloseAdvice {
  private H2CloseAdvice() {}

  @Hook(purpose = "cancel", method = "close")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void closed(@Advice.This Object pool) {
    Attempts.closed(pool);
  }
}

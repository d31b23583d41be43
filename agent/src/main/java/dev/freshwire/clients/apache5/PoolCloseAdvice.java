package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;

/** A client that is closed ends the waits of its requests. */
@Rewrites({
  "org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager",
  "org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManager"
})
public final class PoolCloseAdvice {
  private PoolCloseAdvice() {}

  @Hook(purpose = "cancel", method = "close")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void closed(@Advice.This Object manager) {
    Attempts.closed(manager);
  }
}

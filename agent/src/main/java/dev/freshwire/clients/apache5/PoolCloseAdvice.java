package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;

/** Where connections are given back, and where a closed client ends the waits of its requests. */
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

  /** The client has one connection less in use; it decides whether that stays. */
  @Hook(purpose = "idle", method = "release")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void released(@Advice.Argument(0) Object endpoint) throws IllegalAccessException {
    Leases.released(endpoint);
  }
}

package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import okhttp3.Call;

/** Cancelling a call, by the application or by its call timeout, ends its wait at once. */
@Rewrites({"okhttp3.RealCall", "okhttp3.internal.connection.RealCall"})
public final class CancelAdvice {
  private CancelAdvice() {}

  @Hook(purpose = "cancel", method = "cancel")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void cancelled(@Advice.This Call call) {
    Attempts.cancelled(call);
  }
}

package dev.freshwire.clients.apache4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.http.protocol.HttpContext;

/**
 * In scope the policy has decided before the client's own handlers are asked. One that the
 * application wrote itself is its choice and is asked.
 */
@Rewrites({
  "org.apache.http.impl.client.DefaultHttpRequestRetryHandler",
  "org.apache.http.impl.client.DefaultServiceUnavailableRetryStrategy"
})
public final class OwnRetryAdvice {
  private OwnRetryAdvice() {}

  @Hook(purpose = "unsafe-replay", method = "retryRequest")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static boolean replay(@OfType HttpContext context, @Advice.Return boolean replays) {
    Attempts attempts = replays ? Attempts.of(context) : null;
    return attempts == null ? replays : !attempts.suppressesReplay();
  }
}

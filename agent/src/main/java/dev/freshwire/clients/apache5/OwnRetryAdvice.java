package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * The client's own strategy sends a request of any method again on 429 and 503 (5.0 and 5.6:
 * measured). In scope the policy has decided already. A strategy that the application wrote itself
 * is its choice and is asked.
 */
@Rewrites("org.apache.hc.client5.http.impl.DefaultHttpRequestRetryStrategy")
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

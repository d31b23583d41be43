package dev.freshwire.clients.ktorcio;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import io.ktor.client.request.HttpRequestData;
import io.ktor.http.Url;
import kotlin.Pair;
import net.bytebuddy.asm.Advice;

/** Where CIO looks up how long it may take to connect, and to read. */
@Rewrites("io.ktor.client.engine.cio.Endpoint")
public final class EndpointAdvice {
  private EndpointAdvice() {}

  @Hook(purpose = "connect-timeout", method = "retrieveTimeouts")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static Pair<Long, Long> connecting(
      @OfType HttpRequestData request, @Advice.Return Pair<Long, Long> timeouts) {
    Url url = request.getUrl();
    if (!Enforcer.covers(url.getHost(), url.getPort())) {
      return timeouts;
    }
    long chosen = timeouts.getFirst();
    int millis = chosen <= 0 || chosen > Integer.MAX_VALUE ? 0 : (int) chosen;
    Attempt attempt = Attempts.attempting(request);
    int capped =
        attempt == null
            ? Enforcer.connectTimeout(url.getHost(), url.getPort(), millis)
            : attempt.connecting(millis);
    return capped == millis ? timeouts : new Pair<>((long) capped, timeouts.getSecond());
  }
}

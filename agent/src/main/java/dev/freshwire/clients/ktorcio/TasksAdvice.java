package dev.freshwire.clients.ktorcio;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import io.ktor.client.request.HttpRequestData;
import io.ktor.http.Url;
import net.bytebuddy.asm.Advice;

/**
 * CIO dials for every request by itself, unless the application chose pipelining: then GET and HEAD
 * share connections, and this is where it is asked whether a request must not.
 */
@Rewrites("io.ktor.client.engine.cio.EngineTasksKt")
public final class TasksAdvice {
  private TasksAdvice() {}

  @Hook(purpose = "reuse", method = "requiresDedicatedConnection")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static boolean dedicated(
      @OfType HttpRequestData request, @Advice.Return boolean dedicated) {
    Url url = request.getUrl();
    return dedicated || !Enforcer.mayReuse(url.getHost(), url.getPort());
  }
}

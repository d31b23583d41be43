package dev.freshwire.clients.apache4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import net.bytebuddy.asm.Advice;
import org.apache.http.HttpException;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.execchain.ClientExecChain;
import org.jspecify.annotations.Nullable;

/** The policy's retries. */
@Rewrites("org.apache.http.impl.execchain.ProtocolExec")
public final class RetryAdvice {
  private RetryAdvice() {}

  /** What it throws is what the request throws: nothing is suppressed here. */
  @Hook(purpose = "retry", method = "execute")
  @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
  public static @Nullable Object attempts(
      @Advice.This ClientExecChain protocol,
      @OfType HttpRoute route,
      @OfType HttpRequestWrapper request,
      @OfType HttpClientContext context,
      @OfType @Nullable HttpExecutionAware execution)
      throws IOException, HttpException {
    return Attempts.run(protocol, route, request, context, execution);
  }

  @Hook(purpose = "retry", method = "execute")
  @Advice.OnMethodExit(inline = false)
  @Advice.AssignReturned.ToReturned
  public static @Nullable CloseableHttpResponse answer(
      @Advice.Enter @Nullable Object answered, @Advice.Return CloseableHttpResponse response) {
    if (answered == null) {
      return response;
    }
    return answered == Attempts.NOTHING ? null : (CloseableHttpResponse) answered;
  }
}

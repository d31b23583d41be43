package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.async.AsyncExecChainHandler;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.jspecify.annotations.Nullable;

/** The policy's retries. */
@Rewrites("org.apache.hc.client5.http.impl.async.AsyncProtocolExec")
public final class AsyncRetryAdvice {
  private AsyncRetryAdvice() {}

  /** What it throws is what the request throws: nothing is suppressed here. */
  @Hook(purpose = "retry", method = "execute")
  @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
  public static boolean attempts(
      @Advice.This AsyncExecChainHandler protocol,
      @OfType HttpRequest request,
      @OfType @Nullable AsyncEntityProducer body,
      @OfType AsyncExecChain.Scope scope,
      @OfType AsyncExecChain chain,
      @OfType AsyncExecCallback callback)
      throws HttpException, IOException {
    return AsyncAttempts.begin(protocol, request, body, scope, chain, callback);
  }
}

package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.ExecChainHandler;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.jspecify.annotations.Nullable;

/** The policy's retries. */
@Rewrites("org.apache.hc.client5.http.impl.classic.ProtocolExec")
public final class ClassicRetryAdvice {
  private ClassicRetryAdvice() {}

  /** What it throws is what the request throws: nothing is suppressed here. */
  @Hook(purpose = "retry", method = "execute")
  @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
  public static @Nullable ClassicHttpResponse attempts(
      @Advice.This ExecChainHandler protocol,
      @OfType ClassicHttpRequest request,
      @OfType ExecChain.Scope scope,
      @OfType ExecChain chain)
      throws IOException, HttpException {
    return ClassicAttempts.run(protocol, request, scope, chain);
  }

  @Hook(purpose = "retry", method = "execute")
  @Advice.OnMethodExit(inline = false)
  @Advice.AssignReturned.ToReturned
  public static ClassicHttpResponse answer(
      @Advice.Enter @Nullable ClassicHttpResponse answered,
      @Advice.Return ClassicHttpResponse response) {
    return answered != null ? answered : response;
  }
}

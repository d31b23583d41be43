package dev.freshwire.clients.ktorcio;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import io.ktor.client.engine.HttpClientEngine;
import io.ktor.client.request.HttpRequestData;
import kotlin.coroutines.Continuation;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** A request comes to the engine, below every plugin of the application's. */
@Rewrites("io.ktor.client.engine.cio.CIOEngine")
public final class EngineAdvice {
  private EngineAdvice() {}

  /** What it throws is what the call throws: nothing is suppressed here. */
  @Hook(purpose = "retry", method = "execute")
  @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
  public static @Nullable Object attempts(
      @Advice.This HttpClientEngine engine,
      @OfType @Nullable HttpRequestData request,
      @OfType Continuation<Object> caller) {
    return Attempts.run(engine, request, caller);
  }

  @Hook(purpose = "retry", method = "execute")
  @Advice.OnMethodExit(inline = false)
  @Advice.AssignReturned.ToReturned
  public static Object answer(
      @Advice.Enter @Nullable Object answered, @Advice.Return Object returned) {
    return answered != null ? answered : returned;
  }
}

package dev.freshwire.clients.ktorcio;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import io.ktor.client.request.HttpRequestData;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** The first byte of a request is about to be written: from here on it may reach the server. */
@Rewrites("io.ktor.client.engine.cio.UtilsKt")
public final class RequestAdvice {
  private RequestAdvice() {}

  /** A suspend function that goes on is called again without its arguments. */
  @Hook(purpose = "sent", everywhere = true, method = "writeHeaders")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(@OfType @Nullable HttpRequestData request) {
    Attempt attempt = request == null ? null : Attempts.attempting(request);
    if (attempt != null) {
      attempt.sending();
    }
  }
}

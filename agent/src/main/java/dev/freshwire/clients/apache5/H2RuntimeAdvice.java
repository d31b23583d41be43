package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.protocol.HttpClientContext;

/** The runtime of one exchange in the client that speaks nothing but HTTP/2. */
@Rewrites("org.apache.hc.client5.http.impl.async.InternalH2AsyncExecRuntime")
public final class H2RuntimeAdvice {
  private H2RuntimeAdvice() {}

  @Hook(purpose = "reuse", method = "acquireEndpoint")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void leasing(
      @Advice.This AsyncExecRuntime runtime,
      @OfType HttpRoute route,
      @OfType HttpClientContext context,
      @Advice.FieldValue("connPool") Object pool) {
    Attempts attempts = Attempts.of(context);
    if (attempts != null) {
      attempts.leasedFrom(pool);
    }
    if (!Leases.mayReuseFreely(route)) {
      Leases.add(runtime, context);
    }
    Attempts.connecting(context);
  }

  @Hook(purpose = "reuse", method = "acquireEndpoint")
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void leased(@OfType HttpClientContext context) {
    Attempts.notConnecting();
  }

  @Hook(purpose = "close-after-use", method = "releaseEndpoint")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void release(
      @Advice.This AsyncExecRuntime runtime,
      @Advice.FieldValue("sessionRef") AtomicReference<?> endpoint)
      throws ReflectiveOperationException {
    if (Leases.closesAfterUse(runtime)) {
      FreshSessions.closing(endpoint.get());
      runtime.markConnectionNonReusable();
    }
  }

  @Hook(purpose = "close-after-use", method = "discardEndpoint")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void discard(
      @Advice.This AsyncExecRuntime runtime,
      @Advice.FieldValue("sessionRef") AtomicReference<?> endpoint)
      throws ReflectiveOperationException {
    if (Leases.closesAfterUse(runtime)) {
      FreshSessions.drop(endpoint.get());
    }
  }
}

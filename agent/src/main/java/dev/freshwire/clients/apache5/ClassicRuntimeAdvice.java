package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/** The client's runtime of one exchange: where the connection is leased, made and given back. */
@Rewrites("org.apache.hc.client5.http.impl.classic.InternalExecRuntime")
public final class ClassicRuntimeAdvice {
  private ClassicRuntimeAdvice() {}

  /** Closes what comes out of the pool and may not be used; the client then makes a new one. */
  @Hook(
      purpose = "validate",
      method = "acquireEndpoint",
      taking = "org.apache.hc.client5.http.HttpRoute")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void leased(
      @Advice.This ExecRuntime runtime,
      @Advice.Argument(0) String id,
      @OfType HttpRoute route,
      @Advice.Argument(2) Object state,
      @OfType HttpClientContext context,
      @Advice.FieldValue("manager") Object manager) {
    Attempts attempts = Attempts.of(context);
    if (attempts != null) {
      attempts.leasedFrom(manager);
    }
    if (Leases.isUsedOnce(route, context)) {
      Leases.add(runtime, context);
    }
    Leases.disconnectRefused(runtime, id, route, state, context);
  }

  /** Whatever the reuse strategy said, the runtime then closes the connection on release. */
  @Hook(purpose = "close-after-use", method = "markConnectionReusable")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean refuse(@Advice.This ExecRuntime runtime) {
    if (!Leases.closesAfterUse(runtime)) {
      return false;
    }
    runtime.markConnectionNonReusable();
    return true;
  }

  @Hook(purpose = "handshake", method = "execute")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void answered(
      @OfType HttpClientContext context, @Advice.Return ClassicHttpResponse response) {
    Attempts attempts = Attempts.of(context);
    if (attempts != null && response != null) {
      attempts.answered(response, context);
    }
  }

  @Hook(
      purpose = "connect-timeout",
      method = "connectEndpoint",
      taking = "org.apache.hc.client5.http.io.ConnectionEndpoint")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void connecting(
      @OfType ConnectionEndpoint endpoint, @OfType HttpClientContext context) {
    Attempts.connecting(context);
  }

  @Hook(
      purpose = "connect-timeout",
      method = "connectEndpoint",
      taking = "org.apache.hc.client5.http.io.ConnectionEndpoint")
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void connected(
      @Advice.This ExecRuntime runtime,
      @OfType ConnectionEndpoint endpoint,
      @OfType HttpClientContext context,
      @Advice.Thrown @Nullable Throwable failure)
      throws IllegalAccessException {
    Attempts.notConnecting();
    if (failure == null) {
      Attempts.opened(context, runtime);
    }
  }
}

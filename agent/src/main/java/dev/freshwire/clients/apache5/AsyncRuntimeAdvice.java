package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.concurrent.FutureCallback;

/** The client's runtime of one exchange: where the connection is leased, made and given back. */
@Rewrites("org.apache.hc.client5.http.impl.async.InternalHttpAsyncExecRuntime")
public final class AsyncRuntimeAdvice {
  private AsyncRuntimeAdvice() {}

  @Hook(purpose = "validate", method = "acquireEndpoint")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(4))
  public static FutureCallback<AsyncExecRuntime> leasing(
      @Advice.This AsyncExecRuntime runtime,
      @Advice.Argument(0) String id,
      @OfType HttpRoute route,
      @Advice.Argument(2) Object state,
      @OfType HttpClientContext context,
      @Advice.Argument(4) FutureCallback<AsyncExecRuntime> callback,
      @Advice.FieldValue("manager") Object manager) {
    Attempts attempts = Attempts.of(context);
    if (attempts != null) {
      attempts.leasedFrom(manager);
    }
    if (Leases.mayReuseFreely(route) && attempts == null) {
      return callback;
    }
    if (Leases.isUsedOnce(route, context)) {
      Leases.add(runtime, context);
    }
    return new FreshLease(runtime, id, route, state, context, callback);
  }

  /** Whatever the reuse strategy said, the runtime then closes the connection on release. */
  @Hook(purpose = "close-after-use", method = "markConnectionReusable")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean refuse(@Advice.This AsyncExecRuntime runtime) {
    if (!Leases.closesAfterUse(runtime)) {
      return false;
    }
    // The CONNECT of a tunnel left it reusable.
    runtime.markConnectionNonReusable();
    return true;
  }

  @Hook(purpose = "connect-timeout", method = "connectEndpoint")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
  public static FutureCallback<AsyncExecRuntime> connecting(
      @Advice.This AsyncExecRuntime runtime,
      @OfType HttpClientContext context,
      @Advice.Argument(1) FutureCallback<AsyncExecRuntime> callback) {
    Attempts.connecting(context);
    return runtime.isEndpointConnected() ? callback : new CountedConnect(callback, context);
  }

  @Hook(purpose = "connect-timeout", method = "connectEndpoint")
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void connected(@OfType HttpClientContext context) {
    Attempts.notConnecting();
  }
}

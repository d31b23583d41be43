package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import net.bytebuddy.asm.Advice;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.impl.conn.ConnectionShutdownException;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.jspecify.annotations.Nullable;

/** What all handlers have in common: where connections come from and go to, and failing. */
@Rewrites("org.apache.http.impl.nio.client.AbstractClientExchangeHandler")
public final class HandlerAdvice {
  private HandlerAdvice() {}

  @Hook(purpose = "attempt", method = "requestConnection")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void asking(
      @Advice.This Object handler,
      @Advice.FieldValue("localContext") HttpClientContext context,
      @Advice.FieldValue("requestRef") AtomicReference<?> request,
      @Advice.FieldValue("routeRef") AtomicReference<?> route,
      @Advice.FieldValue("managedConnRef") AtomicReference<?> connection,
      @Advice.FieldValue("closed") AtomicBoolean closed) {
    Exchange.asks(handler, context, request, route, connection, closed);
  }

  @Hook(purpose = "attempt", method = "requestConnection")
  @Advice.OnMethodExit(inline = false, onThrowable = Throwable.class, suppress = Throwable.class)
  public static void asked(@Advice.This Object handler) {
    Exchange.asked(handler);
  }

  /** What comes out of the pool and may not be used is closed, and another one asked for. */
  @Hook(
      purpose = "validate",
      method = "connectionAllocated",
      taking = "org.apache.http.nio.NHttpClientConnection")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean leased(
      @Advice.This HttpAsyncClientExchangeHandler handler,
      @OfType NHttpClientConnection connection,
      @Advice.FieldValue("localContext") HttpClientContext context,
      @Advice.FieldValue("connmgr") NHttpClientConnectionManager manager,
      @Advice.FieldValue("routeRef") AtomicReference<?> route) {
    return Exchange.refuses(handler, context, connection, manager, route);
  }

  /**
   * Before 4.1.5, who is cancelled while he is given his connection throws this on into the
   * reactor, which ends of it. Given it once more, he finds himself closed and gives it back.
   */
  @Hook(
      purpose = "cancel",
      method = "connectionAllocated",
      taking = "org.apache.http.nio.NHttpClientConnection")
  @Advice.OnMethodExit(
      inline = false,
      onThrowable = Throwable.class,
      repeatOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean cancelled(
      @OfType NHttpClientConnection connection,
      @Advice.FieldValue("routeRef") AtomicReference<?> route,
      @Advice.FieldValue("closed") AtomicBoolean closed,
      @Advice.Thrown @Nullable Throwable thrown) {
    return thrown instanceof ConnectionShutdownException
        && closed.get()
        && Exchange.isInScope(route.get());
  }

  /** Whatever the reuse strategy said, the connection is then closed on release. */
  @Hook(purpose = "close-after-use", method = "manageConnectionPersistence")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  @SuppressWarnings("NullAway") // Of a wildcard it does not know that it may be null.
  public static boolean keeps(
      @Advice.Return boolean keeps,
      @Advice.This Object handler,
      @Advice.FieldValue("localContext") HttpClientContext context,
      @Advice.FieldValue("routeRef") AtomicReference<?> route,
      @Advice.FieldValue("managedConnRef") AtomicReference<?> connection,
      @Advice.FieldValue("validDurationRef") AtomicReference<?> duration) {
    boolean kept = keeps && Exchange.mayKeep(handler, context, route, connection);
    if (keeps && !kept) {
      duration.set(null);
    }
    return kept;
  }

  @Hook(purpose = "retry", method = "failed", taking = "java.lang.Exception")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean failed(
      @Advice.This Object handler,
      @OfType Exception failure,
      @Advice.FieldValue("localContext") HttpClientContext context) {
    Attempts attempts = Exchange.attempts(context, handler);
    return attempts != null && attempts.failed(failure);
  }

  @Hook(purpose = "retry", method = "close")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean closing(
      @Advice.This Object handler, @Advice.FieldValue("localContext") HttpClientContext context) {
    Attempts attempts = Exchange.attempts(context, handler);
    return attempts != null && attempts.staysOpen();
  }
}

package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.net.http.HttpRequest;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/** The pool of HTTP/2. */
@Rewrites("jdk.internal.net.http.Http2ClientImpl")
public final class Http2ClientAdvice {
  private Http2ClientAdvice() {}

  @Hook(purpose = "http2-pool", method = "offerConnection")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean refused(@Advice.This Object client, @Advice.Argument(0) Object connection) {
    return Connections.keepOutOfPool(client, connection);
  }

  /** Connections that were pooled before the agent was attached. */
  @Hook(purpose = "http2-evict", method = "getConnectionFor")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void evict(
      @Advice.This Object client,
      @Advice.Argument(0) HttpRequest request,
      @Advice.FieldValue("connections") Map<String, ?> connections) {
    if (!connections.isEmpty()) {
      Connections.evict(request, client, connections);
    }
  }

  /** A connection that was made ahead of time; null for what the client has or makes. */
  @Hook(purpose = "prewarm", optional = true, method = "getConnectionFor")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static @Nullable CompletableFuture<?> spare(
      @Advice.This Object client,
      @Advice.Argument(0) HttpRequest request,
      @Advice.Argument(1) Object exchange) {
    return Lookup.http2Spare(client, request, exchange);
  }

  @Hook(purpose = "prewarm", optional = true, method = "getConnectionFor")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static CompletableFuture<?> spared(
      @Advice.Enter @Nullable CompletableFuture<?> spare,
      @Advice.Return CompletableFuture<?> found) {
    return spare != null ? spare : found;
  }

  /** Where handing it out has failed, the client goes on by itself: its method never says null. */
  @Hook(purpose = "prewarm", optional = true, method = "getConnectionFor")
  @Advice.OnMethodExit(
      inline = false,
      repeatOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean withheld(
      @Advice.Enter @Nullable CompletableFuture<?> spare,
      @Advice.Return @Nullable CompletableFuture<?> found) {
    if (spare == null || found != null) {
      return false;
    }
    Lookup.withheld(spare);
    return true;
  }
}

package dev.freshwire.clients.jdkhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.net.http.HttpRequest;
import java.util.Map;
import net.bytebuddy.asm.Advice;

/** The pool of HTTP/2. */
@Rewrites("jdk.internal.net.http.Http2ClientImpl")
public final class Http2ClientAdvice {
  private Http2ClientAdvice() {}

  @Hook(purpose = "http2-pool", method = "offerConnection")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean refused(@Advice.Argument(0) Object connection) {
    return Connections.keepOutOfPool(connection);
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
}

package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;

/** All that the application may have chosen has been set on the connection by now. */
@Rewrites("org.apache.hc.core5.http.impl.io.HttpRequestExecutor")
public final class ClassicReadTimeoutAdvice {
  private ClassicReadTimeoutAdvice() {}

  @Hook(purpose = "read-timeout", method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void apply(@OfType HttpClientConnection connection, @OfType HttpContext context) {
    Attempts attempts = Attempts.of(context);
    if (attempts == null) {
      return;
    }
    attempts.writing();
    Timeout now = connection.getSocketTimeout();
    Timeout timeout = ReadTimeouts.instead(now, context, attempts.target());
    if (timeout != null) {
      attempts.readTimeout(connection, now);
      connection.setSocketTimeout(timeout);
    }
  }

  @Hook(purpose = "read-timeout", method = "execute")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void exempt(
      @OfType HttpContext context, @Advice.Return ClassicHttpResponse response) {
    Attempts attempts = Attempts.of(context);
    if (attempts != null && ReadTimeouts.isStream(response)) {
      attempts.exemptFromReadTimeout();
    }
  }
}

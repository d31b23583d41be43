package dev.freshwire.clients.apache4;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.util.Locale;
import net.bytebuddy.asm.Advice;
import org.apache.http.Header;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.protocol.HttpContext;

/** The connection is there, and all that the application may have chosen has been set on it. */
@Rewrites("org.apache.http.protocol.HttpRequestExecutor")
public final class RequestExecutorAdvice {
  private RequestExecutorAdvice() {}

  @Hook(purpose = "sent", everywhere = true, method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(
      @OfType HttpRequest request,
      @OfType HttpClientConnection connection,
      @OfType HttpContext context) {
    Attempts attempts = Attempts.of(context);
    // A tunnel is opened before anything goes to the target.
    if (attempts != null && !request.getRequestLine().getMethod().equalsIgnoreCase("CONNECT")) {
      attempts.sending(request, connection);
    }
  }

  @Hook(purpose = "read-timeout", method = "execute")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void readTimeout(
      @OfType HttpClientConnection connection, @OfType HttpContext context) {
    Attempts attempts = Attempts.of(context);
    if (attempts == null || isChosen(context)) {
      return;
    }
    HttpHost target = attempts.target();
    int wanted = Enforcer.readTimeout(target.getHostName(), target.getPort(), 0, false);
    if (wanted > 0) {
      Connections.changeTimeout(connection, 0, wanted);
    }
  }

  @Hook(purpose = "handshake", method = "execute")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void answered(
      @OfType HttpClientConnection connection,
      @OfType HttpContext context,
      @Advice.Return HttpResponse response) {
    Exchange exchange = Exchange.current();
    if (exchange != null) {
      exchange.answered(response);
    }
    Attempts attempts = Attempts.of(context);
    if (attempts == null || !isStream(response) || isChosen(context)) {
      return;
    }
    HttpHost target = attempts.target();
    int applied = Enforcer.readTimeout(target.getHostName(), target.getPort(), 0, false);
    if (applied > 0) {
      Connections.changeTimeout(connection, applied, 0);
    }
  }

  /** The client's default is -1, which leaves what the socket's configuration says: 0, for ever. */
  private static boolean isChosen(HttpContext context) {
    Object config = context.getAttribute(HttpClientContext.REQUEST_CONFIG);
    return config instanceof RequestConfig && ((RequestConfig) config).getSocketTimeout() >= 0;
  }

  private static boolean isStream(HttpResponse response) {
    Header type = response.getFirstHeader("Content-Type");
    return type != null
        && String.valueOf(type.getValue()).toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }
}

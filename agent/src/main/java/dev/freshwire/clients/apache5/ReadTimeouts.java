package dev.freshwire.clients.apache5;

import dev.freshwire.bridge.Enforcer;
import java.util.Locale;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The read timeout where the application chose none. The client's own default is three minutes for
 * classic connections and none for asynchronous ones; three minutes that the application chose for
 * the socket cannot be told from it.
 */
public final class ReadTimeouts {
  private static final long DEFAULT_MILLIS = 180_000;

  private ReadTimeouts() {}

  /**
   * The timeout to set instead of {@code now}.
   *
   * @return null to leave it
   */
  public static @Nullable Timeout instead(
      @Nullable Timeout now, @Nullable HttpContext context, HttpHost target) {
    long millis = now == null ? 0 : now.toMilliseconds();
    if ((millis > 0 && millis != DEFAULT_MILLIS) || isChosen(context)) {
      return null;
    }
    int wanted = Enforcer.readTimeout(target.getHostName(), target.getPort(), (int) millis, false);
    return wanted > 0 && wanted != millis ? Timeout.ofMilliseconds(wanted) : null;
  }

  private static boolean isChosen(@Nullable HttpContext context) {
    RequestConfig config =
        context instanceof HttpClientContext
            ? ((HttpClientContext) context).getRequestConfig()
            : null;
    return config != null && config.getResponseTimeout() != null;
  }

  /** Whether the response goes on for as long as it likes. */
  public static boolean isStream(HttpResponse response) {
    Header type = response.getFirstHeader("Content-Type");
    return type != null
        && String.valueOf(type.getValue()).toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }
}

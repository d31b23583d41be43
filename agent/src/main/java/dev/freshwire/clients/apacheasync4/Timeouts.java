package dev.freshwire.clients.apacheasync4;

import dev.freshwire.bridge.Enforcer;
import java.util.Locale;
import org.apache.http.Header;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.config.RequestConfig;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * The timeouts of one attempt on its connection. The client has one for a session: while TLS shakes
 * hands it is what is left for connecting, and for reading after that.
 */
public final class Timeouts {
  /** Who is asking for a connection on this thread. */
  private static final ThreadLocal<Attempts> CONNECTING = new ThreadLocal<>();

  /** What connecting may take by the policy, in milliseconds; 0: as long as it likes. */
  private volatile int connect;

  /** The session's timeout during the handshake of TLS; 0: that has none of its own. */
  private volatile int handshake;

  /** The session's timeout after it. */
  private volatile int afterHandshake;

  /** The read timeout that is the agent's; 0: the application chose one. */
  private volatile int applied;

  /** These attempts ask for a connection on this thread; null: they have asked. */
  static void connecting(@Nullable Attempts attempts) {
    if (attempts == null) {
      CONNECTING.remove();
    } else {
      CONNECTING.set(attempts);
    }
  }

  /** The time that connecting may take for this route, instead of {@code millis}. */
  public static int connectTimeout(int millis, HttpRoute route) {
    Attempts attempts = CONNECTING.get();
    if (attempts != null && attempts.route().equals(route)) {
      return attempts.connectTimeout(millis);
    }
    HttpHost target = route.getTargetHost();
    return Enforcer.connectTimeout(target.getHostName(), target.getPort(), millis);
  }

  void connectMayTake(int millis) {
    connect = millis;
  }

  /**
   * Sets the timeouts: the client has set what the application chose for the request.
   *
   * @param overTls whether a handshake may be under way, whose end will be seen
   */
  void apply(
      NHttpClientConnection connection,
      HttpRequest request,
      HttpHost target,
      HttpClientContext context,
      boolean overTls) {
    int before = connection.getSocketTimeout();
    // A tunnel was opened over this connection, or an earlier step of authentication made.
    boolean again = applied > 0 && before == applied;
    int read = before;
    if (!again) {
      boolean unset = before <= 0 && !isChosen(context);
      read =
          unset ? Enforcer.readTimeout(target.getHostName(), target.getPort(), 0, false) : before;
      applied = unset && read > 0 ? read : 0;
    }
    // While it waits for 100-continue the client sets yet another one.
    boolean expects =
        request instanceof HttpEntityEnclosingRequest
            && ((HttpEntityEnclosingRequest) request).expectContinue();
    int limit = connect;
    handshake = overTls && !expects && limit > 0 && (read <= 0 || limit < read) ? limit : 0;
    afterHandshake = read;
    int now = handshake > 0 ? handshake : read;
    if (now != before) {
      connection.setSocketTimeout(now);
    }
  }

  /** The handshake is over. */
  void handshakeEnded(IOSession session) {
    int set = handshake;
    handshake = 0;
    if (set > 0 && session.getSocketTimeout() == set) {
      session.setSocketTimeout(afterHandshake);
    }
  }

  /** A response that goes on for as long as it likes has no read timeout of ours. */
  void answered(HttpResponse response, @Nullable NHttpClientConnection connection) {
    int ours = applied;
    if (ours <= 0 || connection == null || !isStream(response)) {
      return;
    }
    try {
      if (connection.getSocketTimeout() == ours) {
        connection.setSocketTimeout(0);
      }
    } catch (IllegalStateException e) {
      // It was taken away.
    }
  }

  /** The client's default is -1, which leaves what the reactor's configuration says. */
  private static boolean isChosen(HttpClientContext context) {
    RequestConfig config = context.getRequestConfig();
    return config != null && config.getSocketTimeout() >= 0;
  }

  private static boolean isStream(HttpResponse response) {
    Header type = response.getFirstHeader("Content-Type");
    return type != null
        && String.valueOf(type.getValue()).toLowerCase(Locale.ROOT).startsWith("text/event-stream");
  }
}

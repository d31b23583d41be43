package dev.freshwire.clients.apache4;

import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.net.Socket;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpHost;
import org.apache.http.conn.ManagedHttpClientConnection;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * What the policy knows a connection by. Who aborts a request gives its connection back on a thread
 * of his own, while the request's may be in the middle of it. From then on the lease answers most
 * questions with an {@link IllegalStateException}.
 */
public final class Connections {
  /** Whether one was opened that there is something to say about. */
  private static volatile boolean known;

  private Connections() {}

  /**
   * The same object whenever the connection is leased, which is in another wrapping each time: its
   * figures, which go with it also when TLS takes the place of its socket.
   */
  static Object identity(HttpClientConnection connection) {
    Object metrics = connection.getMetrics();
    return metrics == null ? connection : metrics;
  }

  /** Its socket; the connection itself when it shows none. */
  static Object transport(HttpClientConnection connection) {
    Socket socket =
        connection instanceof ManagedHttpClientConnection
            ? ((ManagedHttpClientConnection) connection).getSocket()
            : null;
    return socket == null ? connection : socket;
  }

  /** It was opened, for this route. */
  public static void opened(HttpClientConnection connection, HttpRoute route) {
    Enforcer enforcer = Enforcer.inCharge();
    HttpHost target = route.getTargetHost();
    if (enforcer != null && enforcer.inScope(target.getHostName(), target.getPort())) {
      known = true;
      Object identity;
      try {
        identity = identity(connection);
      } catch (IllegalStateException e) {
        // It was opened for nobody.
        identity = connection;
      }
      enforcer.connectionOpened(target.getHostName(), target.getPort(), identity);
    }
  }

  /** Closes one that may not be used. */
  public static void close(HttpClientConnection connection) {
    try {
      connection.close();
    } catch (IOException | IllegalStateException e) {
      // It is closed all the same.
    }
  }

  /** Gives it another read timeout if it has this one, in milliseconds; 0 waits for ever. */
  public static void changeTimeout(HttpClientConnection connection, int from, int to) {
    try {
      if (Math.max(0, connection.getSocketTimeout()) == from) {
        connection.setSocketTimeout(to);
      }
    } catch (IllegalStateException e) {
      // Nobody is going to read from it.
    }
  }

  /**
   * No exchange uses it any more. Whether it is open the manager asks next, and an application's
   * own may answer that once only.
   */
  public static void released(@Nullable HttpClientConnection connection) {
    if (!known || connection == null) {
      return;
    }
    try {
      Enforcer.idle(identity(connection));
    } catch (IllegalStateException e) {
      // It was released before: the lease has no connection any more.
    }
  }
}

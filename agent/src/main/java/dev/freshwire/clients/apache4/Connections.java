package dev.freshwire.clients.apache4;

import dev.freshwire.bridge.Enforcer;
import java.net.Socket;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpHost;
import org.apache.http.conn.ManagedHttpClientConnection;
import org.apache.http.conn.routing.HttpRoute;

/** What the policy knows a connection by. */
public final class Connections {
  private Connections() {}

  /**
   * The same object whenever the connection is leased, which is in another wrapping each time: its
   * figures, which go with it also when TLS takes the place of its socket.
   */
  static Object identity(HttpClientConnection connection) {
    return connection.getMetrics();
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
    if (enforcer != null) {
      HttpHost target = route.getTargetHost();
      enforcer.connectionOpened(target.getHostName(), target.getPort(), identity(connection));
    }
  }

  /** No exchange uses it any more. One that is closed has lost what was known of it. */
  public static void released(HttpClientConnection connection) {
    if (connection.isOpen()) {
      Enforcer.idle(identity(connection));
    }
  }
}

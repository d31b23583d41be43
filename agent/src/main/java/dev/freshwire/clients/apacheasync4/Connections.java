package dev.freshwire.clients.apacheasync4;

import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLEngine;
import org.apache.http.HttpConnectionMetrics;
import org.apache.http.HttpHost;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.nio.DefaultNHttpClientConnection;
import org.apache.http.nio.NHttpClientConnection;
import org.apache.http.nio.NHttpConnection;
import org.apache.http.nio.conn.NHttpClientConnectionManager;
import org.apache.http.nio.protocol.HttpAsyncClientExchangeHandler;
import org.apache.http.nio.protocol.HttpAsyncRequestExecutor;
import org.apache.http.nio.reactor.IOSession;
import org.apache.http.protocol.HttpContext;
import org.jspecify.annotations.Nullable;

/**
 * What the policy knows a connection by, and how one is let go of. What is noted of it stands in
 * the attributes of its session, which TLS passes on to what it layers itself over.
 *
 * <p>Who cancels a request gives its connection back on a thread of his own, while the client's may
 * be in the middle of it. From then on a lease answers most questions with an {@link
 * IllegalStateException}, and so does the key of a session that has ended.
 */
public final class Connections {
  /** When the session was opened, by {@link System#nanoTime}. */
  private static final String OPENED = "freshwire.opened";

  private static final String CHANNEL = "freshwire.channel";
  private static final String ATTEMPTS = "freshwire.attempts";
  private static final String ENDED = "freshwire.ended";

  /** How long a server may take to answer the end of TLS, in milliseconds. */
  private static final int GOODBYE_MILLIS = 1_000;

  private Connections() {}

  /** The same object whenever the connection is leased, which is in another wrapping each time. */
  static Object identity(NHttpClientConnection connection) {
    Object metrics = connection.getMetrics();
    return metrics == null ? connection : metrics;
  }

  /** Its channel; the connection itself when that was not seen being opened. */
  static Object transport(NHttpClientConnection connection) {
    Object channel = connection.getContext().getAttribute(CHANNEL);
    return channel == null ? connection : channel;
  }

  /** It was opened, for this route. */
  public static void opened(NHttpClientConnection connection, IOSession session, HttpRoute route) {
    session.setAttribute(OPENED, System.nanoTime());
    session.setAttribute(CHANNEL, session.channel());
    Enforcer enforcer = Enforcer.inCharge();
    if (enforcer != null) {
      HttpHost target = route.getTargetHost();
      enforcer.connectionOpened(target.getHostName(), target.getPort(), identity(connection));
    }
  }

  /** What has come over a session with TLS was decrypted. */
  public static void read(IOSession session, SSLEngine engine) {
    if (engine.isInboundDone()) {
      session.setAttribute(ENDED, true);
    }
  }

  /** Whether the server has ended TLS: the kernel, when it is asked, may not have its FIN yet. */
  static boolean hasEnded(@Nullable Object connection) {
    try {
      return connection instanceof NHttpClientConnection
          && ((NHttpClientConnection) connection).getContext().getAttribute(ENDED) != null;
    } catch (IllegalStateException e) {
      // It was taken away, and nobody keeps it.
      return false;
    }
  }

  /** A connection for nobody, over a session that nobody wants; null out of scope. */
  public static @Nullable Object unwanted(IOSession session) {
    Object route = session.getAttribute(IOSession.ATTACHMENT_KEY);
    if (!Exchange.isInScope(route)) {
      return null;
    }
    session.close();
    return new DefaultNHttpClientConnection(session, 1_024);
  }

  /** No exchange uses it any more. One that is closed has lost what was known of it. */
  public static void released(NHttpClientConnection connection) {
    try {
      if (connection.isOpen()) {
        connection.getContext().removeAttribute(ATTEMPTS);
        Enforcer.idle(identity(connection));
      }
    } catch (IllegalStateException e) {
      // It was released before.
    }
  }

  static boolean isUsed(NHttpClientConnection connection, NHttpClientConnectionManager manager) {
    HttpConnectionMetrics metrics = connection.getMetrics();
    return (metrics != null && metrics.getRequestCount() > 0)
        || manager.isRouteComplete(connection);
  }

  /** Whether it was there before that time: made for another who did not want it any more. */
  static boolean isOlderThan(NHttpClientConnection connection, long nanoTime) {
    Object opened = connection.getContext().getAttribute(OPENED);
    return opened instanceof Long && (Long) opened - nanoTime < 0;
  }

  /** What is sent over it from now on belongs to these attempts. */
  static void carries(NHttpClientConnection connection, Attempts attempts) {
    connection.getContext().setAttribute(ATTEMPTS, attempts);
  }

  /** Whose request is being sent over this session. */
  static @Nullable Attempts carried(IOSession session) {
    Object found = session.getAttribute(ATTEMPTS);
    return found instanceof Attempts ? (Attempts) found : null;
  }

  /** No one hears of what happens on it from now on. */
  static void detach(NHttpClientConnection connection) {
    try {
      connection.getContext().removeAttribute(HttpAsyncRequestExecutor.HTTP_HANDLER);
      connection.getContext().removeAttribute(ATTEMPTS);
    } catch (IllegalStateException e) {
      // It is nobody's any more.
    }
  }

  /**
   * It has ended. With TLS the end may have come in one piece with the last response: the pool then
   * takes the connection for an open one until its session looks, and who has leased it by then
   * waits for ever, as nothing was under way on it (httpcore-nio 4.4.16).
   */
  public static void closed(NHttpClientConnection connection) {
    HttpContext context = connection.getContext();
    Object handler;
    // As the client does: who is just being given it looks first, and fails by himself.
    synchronized (context) {
      handler = context.getAttribute(HttpAsyncRequestExecutor.HTTP_HANDLER);
    }
    if (handler instanceof HttpAsyncClientExchangeHandler && Internals.isHandler(handler)) {
      Attempts.terminated((HttpAsyncClientExchangeHandler) handler);
    }
  }

  /** Closes it and gives it back. What is written to it and has not left yet may leave. */
  static void close(NHttpClientConnection connection, NHttpClientConnectionManager manager) {
    try {
      endsSoon(connection);
      connection.close();
    } catch (IOException | IllegalStateException e) {
      // It is closed all the same.
    } finally {
      giveBack(connection, manager);
    }
  }

  /** Ends it and gives it back. What has not left yet never will. */
  static void abort(NHttpClientConnection connection, NHttpClientConnectionManager manager) {
    try {
      connection.shutdown();
    } catch (IOException | IllegalStateException e) {
      // It is closed all the same.
    } finally {
      giveBack(connection, manager);
    }
  }

  private static void giveBack(
      NHttpClientConnection connection, NHttpClientConnectionManager manager) {
    try {
      manager.releaseConnection(connection, null, 0, TimeUnit.MILLISECONDS);
    } catch (IllegalStateException e) {
      // Who waited for a connection and got one that had just ended was told so.
    }
  }

  /**
   * With TLS the client waits for the server's end, if need be for as long as for an answer. With
   * httpcore-nio 4.4.6 it waits for ever where the connection still wants to write: that it can
   * counts as life, and uses a whole processor.
   */
  static void endsSoon(NHttpConnection connection) {
    try {
      connection.suspendOutput();
      int timeout = connection.getSocketTimeout();
      if (timeout <= 0 || timeout > GOODBYE_MILLIS) {
        connection.setSocketTimeout(GOODBYE_MILLIS);
      }
    } catch (IllegalStateException e) {
      // It has ended.
    }
  }
}

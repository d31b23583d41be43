package dev.freshwire.clients.apache5;

import java.lang.reflect.Field;
import java.nio.channels.SocketChannel;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.io.ConnectionEndpoint;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.nio.AsyncConnectionEndpoint;
import org.apache.hc.core5.http.HttpConnection;
import org.apache.hc.core5.http.ProtocolVersion;
import org.apache.hc.core5.pool.PoolEntry;
import org.apache.hc.core5.reactor.IOSession;
import org.jspecify.annotations.Nullable;

/**
 * Finds the connection behind what the client hands around instead of it. Before 5.6 there is no
 * method for that, so the references that these objects keep are looked through.
 */
public final class Connections {
  /** A session is wrapped once or twice before its channel comes. */
  private static final int WRAPPINGS = 4;

  private Connections() {}

  /**
   * The connection that {@code holder} leads to.
   *
   * @param holder the client's runtime of an exchange, or an endpoint that it has leased
   * @return null when there is none, or when an application's own manager keeps it elsewhere
   */
  public static @Nullable HttpConnection of(@Nullable Object holder) throws IllegalAccessException {
    if (holder instanceof HttpConnection) {
      return (HttpConnection) holder;
    }
    if (holder instanceof PoolEntry) {
      return of(((PoolEntry<?, ?>) holder).getConnection());
    }
    if (!(holder instanceof ConnectionEndpoint
        || holder instanceof AsyncConnectionEndpoint
        || holder instanceof ExecRuntime
        || holder instanceof AsyncExecRuntime)) {
      return null;
    }
    for (Field field : holder.getClass().getDeclaredFields()) {
      if (field.getType() == AtomicReference.class) {
        AtomicReference<?> reference = (AtomicReference<?>) value(field, holder);
        HttpConnection found = reference == null ? null : of(reference.get());
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** Its socket or channel; the connection itself when neither is to be found. */
  public static Object transport(HttpConnection connection) throws IllegalAccessException {
    Object found =
        connection instanceof ManagedHttpClientConnection
            ? ((ManagedHttpClientConnection) connection).getSocket()
            : channel(connection, WRAPPINGS);
    return found == null ? connection : found;
  }

  private static @Nullable Object channel(Object holder, int deep) throws IllegalAccessException {
    for (Field field : holder.getClass().getDeclaredFields()) {
      boolean session = IOSession.class.isAssignableFrom(field.getType());
      if (session || SocketChannel.class.isAssignableFrom(field.getType())) {
        Object next = value(field, holder);
        Object found = !session ? next : next == null || deep == 0 ? null : channel(next, deep - 1);
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  private static @Nullable Object value(Field field, Object holder) throws IllegalAccessException {
    field.setAccessible(true);
    return field.get(holder);
  }

  /** Whether bytes may arrive on it while it carries no request. */
  public static boolean isShared(HttpConnection connection) {
    ProtocolVersion version = connection.getProtocolVersion();
    return version != null && version.getMajor() > 1;
  }
}

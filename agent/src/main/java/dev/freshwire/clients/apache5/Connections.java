package dev.freshwire.clients.apache5;

import java.lang.reflect.Field;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.hc.client5.http.async.AsyncExecRuntime;
import org.apache.hc.client5.http.classic.ExecRuntime;
import org.apache.hc.client5.http.impl.io.BasicHttpClientConnectionManager;
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

  private static final Leading LEADING = new Leading();

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
    for (Field field : LEADING.get(holder.getClass())) {
      if (field.getType() == AtomicReference.class) {
        AtomicReference<?> reference = (AtomicReference<?>) field.get(holder);
        HttpConnection found = reference == null ? null : of(reference.get());
        if (found != null) {
          return found;
        }
      }
    }
    return null;
  }

  /** Whether the runtime has leased the one connection of a manager that has one. */
  public static boolean isSingle(Object runtime) {
    try {
      for (Field field : LEADING.get(runtime.getClass())) {
        Object found = field.get(runtime);
        Object leased =
            found instanceof AtomicReference ? ((AtomicReference<?>) found).get() : null;
        if (leased instanceof ConnectionEndpoint) {
          return leased.getClass().getEnclosingClass() == BasicHttpClientConnectionManager.class;
        }
      }
    } catch (IllegalAccessException e) {
      // As where an application's own manager keeps it elsewhere.
    }
    return false;
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
    for (Field field : LEADING.get(holder.getClass())) {
      Object next = field.getType() == AtomicReference.class ? null : field.get(holder);
      Object found =
          !(next instanceof IOSession) ? next : deep == 0 ? null : channel(next, deep - 1);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  /** The fields of a class that lead further: copies are made each time that a class is asked. */
  static final class Leading extends ClassValue<Field[]> {
    @Override
    protected Field[] computeValue(Class<?> type) {
      List<Field> leading = new ArrayList<>();
      for (Field field : type.getDeclaredFields()) {
        if (field.getType() == AtomicReference.class
            || IOSession.class.isAssignableFrom(field.getType())
            || SocketChannel.class.isAssignableFrom(field.getType())) {
          field.setAccessible(true);
          leading.add(field);
        }
      }
      return leading.toArray(new Field[0]);
    }
  }

  /** Whether bytes may arrive on it while it carries no request. */
  public static boolean isShared(HttpConnection connection) {
    ProtocolVersion version = connection.getProtocolVersion();
    return version != null && version.getMajor() > 1;
  }
}

package dev.freshwire.bridge;

import java.io.FileDescriptor;
import java.io.IOException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.Socket;
import java.net.SocketImpl;
import java.net.SocketTimeoutException;
import java.nio.channels.SocketChannel;
import java.security.AccessController;
import java.security.PrivilegedAction;
import org.jspecify.annotations.Nullable;

/**
 * Looks whether the other end has ended a connection, without waiting and without reading: asks the
 * kernel whether anything has arrived. Stands in the boot loader because from within {@code
 * java.base} reflection sees the descriptor of a socket, in every JDK from 8 on. What it needs for
 * that it looks up with the JDK's rights, which an application under a security manager has not.
 */
public final class Liveness implements PrivilegedAction<String> {
  /** Nothing has arrived that says otherwise. */
  public static final int ALIVE = 0;

  /** It is closed, or FIN, RST or bytes that nobody asked for have arrived. */
  public static final int DEAD = 1;

  /** This kind of socket cannot be looked at. */
  public static final int UNKNOWN = 2;

  /** What Linux calls the arrival of FIN, seen also while bytes before it wait to be read. */
  private static final int POLLRDHUP = 0x2000;

  private static final boolean LINUX =
      "Linux".equals(AccessController.doPrivileged(new Liveness(null)));

  private static final @Nullable Method POLL =
      method("sun.nio.ch.Net", "poll", FileDescriptor.class, int.class, long.class);
  private static final @Nullable Method CHANNEL_DESCRIPTOR =
      method("sun.nio.ch.SelChImpl", "getFD");
  private static final @Nullable Method SOCKET_DESCRIPTOR =
      method("java.net.SocketImpl", "getFileDescriptor");
  private static final @Nullable Field SOCKET_IMPL = field("java.net.Socket", "impl");
  private static final @Nullable Field LAYERED_OVER =
      field("sun.security.ssl.BaseSSLSocketImpl", "self");

  private static final int READABLE = event("POLLIN");
  private static final int GONE = event("POLLERR") | event("POLLHUP");

  private final @Nullable AccessibleObject member;

  private Liveness(@Nullable AccessibleObject member) {
    this.member = member;
  }

  /**
   * Whether the connection has ended as far as this end knows.
   *
   * @param transport a {@link Socket} or a {@link SocketChannel}
   * @param shared whether bytes may arrive at any time; then only its end is looked for
   */
  public static int of(Object transport, boolean shared) {
    try {
      FileDescriptor descriptor = descriptor(transport);
      if (POLL == null || descriptor == null || READABLE == 0) {
        return UNKNOWN;
      }
      if (!descriptor.valid()) {
        return DEAD;
      }
      int looked = !shared ? READABLE : LINUX ? POLLRDHUP : GONE;
      Object arrived = POLL.invoke(null, descriptor, looked, 0L);
      // Had it been closed meanwhile, what was looked at may be another's.
      return arrived instanceof Integer && (Integer) arrived == 0 && isOpen(transport)
          ? ALIVE
          : DEAD;
    } catch (ReflectiveOperationException e) {
      return UNKNOWN;
    }
  }

  /**
   * Whether a connection with TLS is as it was after its handshake: what a server sends by itself,
   * session tickets, is read, so that it is not mistaken for something else, and makes the next
   * handshake a resumed one. Anything more is a reason not to use it.
   *
   * @param millis how long to wait for it, at least 1
   */
  public static boolean isSilent(Socket socket, int millis) {
    try {
      int before = socket.getSoTimeout();
      socket.setSoTimeout(millis);
      try {
        socket.getInputStream().read();
        return false;
      } catch (SocketTimeoutException silent) {
        socket.setSoTimeout(before);
        return true;
      }
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isOpen(Object transport) throws IllegalAccessException {
    return transport instanceof SocketChannel
        ? ((SocketChannel) transport).isOpen()
        : !under((Socket) transport).isClosed();
  }

  /** What carries a socket of TLS; the socket itself when nothing does. */
  private static Socket under(Socket socket) throws IllegalAccessException {
    if (LAYERED_OVER != null && LAYERED_OVER.getDeclaringClass().isInstance(socket)) {
      Object under = LAYERED_OVER.get(socket);
      if (under instanceof Socket) {
        return (Socket) under;
      }
    }
    return socket;
  }

  private static @Nullable FileDescriptor descriptor(Object transport)
      throws ReflectiveOperationException {
    if (transport instanceof SocketChannel) {
      return CHANNEL_DESCRIPTOR == null
              || !CHANNEL_DESCRIPTOR.getDeclaringClass().isInstance(transport)
          ? null
          : (FileDescriptor) CHANNEL_DESCRIPTOR.invoke(transport);
    }
    if (!(transport instanceof Socket)) {
      return null;
    }
    Socket socket = under((Socket) transport);
    SocketChannel channel = socket.getChannel();
    if (channel != null) {
      return descriptor(channel);
    }
    SocketImpl impl = SOCKET_IMPL == null ? null : (SocketImpl) SOCKET_IMPL.get(socket);
    return impl == null || SOCKET_DESCRIPTOR == null
        ? null
        : (FileDescriptor) SOCKET_DESCRIPTOR.invoke(impl);
  }

  private static int event(String name) {
    try {
      Field event = field("sun.nio.ch.Net", name);
      return event == null ? 0 : event.getShort(null);
    } catch (IllegalAccessException e) {
      return 0;
    }
  }

  private static @Nullable Field field(String owner, String name) {
    try {
      return open(Class.forName(owner).getDeclaredField(name));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  private static @Nullable Method method(String owner, String name, Class<?>... parameters) {
    try {
      return open(Class.forName(owner).getDeclaredMethod(name, parameters));
    } catch (ReflectiveOperationException | RuntimeException | LinkageError e) {
      return null;
    }
  }

  private static <T extends AccessibleObject> T open(T member) {
    AccessController.doPrivileged(new Liveness(member));
    return member;
  }

  /** Opens what it is for, or tells the name of the system; no class of its own, for a start. */
  @Override
  public String run() {
    if (member != null) {
      member.setAccessible(true);
    }
    return System.getProperty("os.name", "");
  }
}

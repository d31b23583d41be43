package dev.freshwire.clients.urlconnection;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.Socket;
import sun.net.www.http.HttpClient;
import sun.net.www.protocol.http.HttpURLConnection;

/**
 * What no hook is given because it is no public member. Reflection may see it, as these classes are
 * in the module of what they look at; apart from one read a request, only when something failed.
 */
public final class Internals {
  private static final Field READ_TIMEOUT = field(HttpURLConnection.class, "readTimeout");

  private static final Field SOCKET = field(HttpClient.class.getSuperclass(), "serverSocket");

  private Internals() {}

  /** The read timeout that the application set; negative when it set none. */
  static int readTimeout(HttpURLConnection connection) {
    try {
      return READ_TIMEOUT.getInt(connection);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The socket of a connection, the one with TLS where there is TLS. */
  static Socket socket(HttpClient client) {
    try {
      return (Socket) SOCKET.get(client);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Connects once more. */
  static void reopen(HttpClient client) throws IOException {
    client.closeServer();
    try {
      field(HttpClient.class, "cachedHttpClient").setBoolean(client, false);
      Method open = HttpClient.class.getDeclaredMethod("openServer");
      open.setAccessible(true);
      open.invoke(client);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException) {
        throw (IOException) cause;
      }
      throw new IllegalStateException(e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes {@code connection} not see that writing the request failed. */
  static void forgetWriteError(HttpURLConnection connection) {
    try {
      PrintStream faultless = new PrintStream(new Nowhere(), false, "US-ASCII");
      field(HttpURLConnection.class, "ps").set(connection, faultless);
    } catch (IllegalAccessException | UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field field(Class<?> owner, String name) {
    try {
      Field field = owner.getDeclaredField(name);
      field.setAccessible(true);
      return field;
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  // Not private: javac would add a class for the access to its constructor.
  static final class Nowhere extends OutputStream {
    @Override
    public void write(int b) {}
  }
}

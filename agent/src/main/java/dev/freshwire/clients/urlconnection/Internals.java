package dev.freshwire.clients.urlconnection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UnsupportedEncodingException;
import java.lang.reflect.AccessibleObject;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.Proxy;
import java.net.Socket;
import java.net.URL;
import java.security.AccessController;
import java.security.PrivilegedAction;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;
import sun.net.www.MeteredStream;
import sun.net.www.http.HttpClient;
import sun.net.www.protocol.http.HttpURLConnection;

/**
 * What no hook is given because it is no public member. Reflection may see it, as these classes are
 * in the module of what they look at; apart from one read a request, only when something failed.
 */
public final class Internals {
  private static final Field READ_TIMEOUT = field(HttpURLConnection.class, "readTimeout");

  private static final Field SOCKET = field(HttpClient.class.getSuperclass(), "serverSocket");

  private static final Field CLOSED = field(MeteredStream.class, "closed");

  private static final Field PRINT_STREAM = field(HttpURLConnection.class, "ps");

  private static final Field FROM_CACHE = field(HttpClient.class, "cachedHttpClient");

  private static final Field RETRIES_POST = field(HttpClient.class, "retryPostProp");

  private static final Method OPEN = method(HttpClient.class, "openServer");

  private Internals() {}

  /**
   * Fails where a version lacks something that an attempt may come to need. Asked before there is
   * one: later the application's own call would be what fails.
   */
  static void areThere() {}

  /** The read timeout that the application set; negative when it set none. */
  static int readTimeout(HttpURLConnection connection) {
    try {
      return READ_TIMEOUT.getInt(connection);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the JDK sends a POST again by itself. */
  static boolean retriesPost() {
    try {
      return RETRIES_POST.getBoolean(null);
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

  /**
   * Makes the response that {@code client} has read the head of have no more to do with it. Nobody
   * will close that stream, so the finalizer does (17; 25 has none): it would close the connection
   * of a later attempt, or put it into the cache while a response is read from it.
   */
  static void abandonResponse(HttpClient client) {
    InputStream response = client.getInputStream();
    try {
      if (response instanceof MeteredStream) {
        CLOSED.setBoolean(response, true);
      }
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Connects once more. */
  static void reopen(HttpClient client) throws IOException {
    client.closeServer();
    try {
      FROM_CACHE.setBoolean(client, false);
      OPEN.invoke(client);
    } catch (InvocationTargetException e) {
      Throwable cause = e.getCause();
      if (cause instanceof IOException) {
        throw (IOException) cause;
      }
      throw new IllegalStateException(e);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection for https that is connected, and has had no handshake yet. */
  static HttpClient newHttps(
      SSLSocketFactory factory,
      URL url,
      @Nullable HostnameVerifier verifier,
      @Nullable Proxy proxy,
      int connectTimeout)
      throws IOException {
    try {
      Method make =
          Class.forName("sun.net.www.protocol.https.HttpsClient")
              .getDeclaredMethod(
                  "New",
                  SSLSocketFactory.class,
                  URL.class,
                  HostnameVerifier.class,
                  Proxy.class,
                  boolean.class,
                  int.class,
                  HttpURLConnection.class);
      return (HttpClient)
          open(make).invoke(null, factory, url, verifier, proxy, false, connectTimeout, null);
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

  /**
   * Makes the cache believe that {@code client} is one of it, made for the same authenticator as
   * {@code connection}: that is asked before it is handed out.
   */
  static void belongsTo(HttpClient client, HttpURLConnection connection) {
    try {
      field(HttpClient.class, "inCache").setBoolean(client, true);
      for (Method method : HttpURLConnection.class.getMethods()) {
        // Before 9 there is one authenticator for all; from 9 on a key, later its cache.
        String authenticator =
            method.getName().equals("getAuthenticatorKey")
                ? "authenticatorKey"
                : method.getName().equals("getAuthCache") ? "authcache" : null;
        if (authenticator != null) {
          field(HttpClient.class, authenticator).set(client, method.invoke(connection));
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes {@code connection} not see that writing the request failed. */
  static void forgetWriteError(HttpURLConnection connection) {
    try {
      PrintStream faultless = new PrintStream(new Nowhere(), false, "US-ASCII");
      PRINT_STREAM.set(connection, faultless);
    } catch (IllegalAccessException | UnsupportedEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Field field(Class<?> owner, String name) {
    try {
      return open(owner.getDeclaredField(name));
    } catch (NoSuchFieldException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Method method(Class<?> owner, String name) {
    try {
      return open(owner.getDeclaredMethod(name));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException(e);
    }
  }

  /** With the JDK's rights, where the application that calls has not as many. */
  private static <T extends AccessibleObject> T open(T member) {
    AccessController.doPrivileged(new Opening(member));
    return member;
  }

  static final class Opening implements PrivilegedAction<@Nullable Void> {
    private final AccessibleObject member;

    Opening(AccessibleObject member) {
      this.member = member;
    }

    @Override
    public @Nullable Void run() {
      member.setAccessible(true);
      return null;
    }
  }

  // Not private: javac would add a class for the access to its constructor.
  static final class Nowhere extends OutputStream {
    @Override
    public void write(int b) {}
  }
}

package dev.freshwire.clients.okhttp;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.Liveness;
import dev.freshwire.bridge.SpareSource;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import okhttp3.Address;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * Makes spare connections from one pool to one address; two clients that share a pool and are set
 * up alike share spares. They are made by a call of OkHttp's own that ends where its request would
 * be written, so that DNS, proxies, certificates and HTTP/2 are what they are for any other call;
 * the application's interceptors, events, cookies and dispatcher have no part in it. Thread-safe.
 */
public final class Spares extends SpareSource {
  private static final long NANOS_PER_MILLI = 1_000_000;

  /** At most so long is waited for what a TLS server sends after its handshake. */
  private static final int SETTLING = 100;

  /** The calls that only make a connection. */
  private static final Map<Call, Spares> MAKING = Collections.synchronizedMap(new WeakHashMap<>());

  /** Whether there has ever been one: every call asks, most applications make none. */
  private static volatile boolean makes;

  /** What they have made. */
  private static final Map<Call, Connection> MADE = new ConcurrentHashMap<>();

  /** A dispatcher wants one, and a call that is executed does not use it. */
  private static final ExecutorService NO_THREADS =
      new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<Runnable>());

  private final Object pool;
  private final Address address;
  private final OkHttpClient client;
  private final Enforcer enforcer;

  /**
   * How a request would make its connection.
   *
   * @param pool where it would look for one
   */
  Spares(Object pool, Address address, OkHttpClient client, Enforcer enforcer) {
    this.pool = pool;
    this.address = address;
    this.client = client;
    this.enforcer = enforcer;
  }

  /** Whether {@code call} is one of ours, which only makes a connection. */
  static boolean isMaking(Call call) {
    return makes && MAKING.containsKey(call);
  }

  /** Who answers for it. */
  static @Nullable Enforcer enforcer(Call call) {
    Spares spares = MAKING.get(call);
    return spares == null ? null : spares.enforcer;
  }

  @Override
  public Object make() throws IOException {
    OkHttpClient.Builder builder = client.newBuilder();
    builder.interceptors().clear();
    builder.networkInterceptors().clear();
    OkHttpClient bare =
        builder
            .eventListener(EventListener.NONE)
            .cookieJar(CookieJar.NO_COOKIES)
            .cache(null)
            .dispatcher(new Dispatcher(NO_THREADS))
            .callTimeout(0, TimeUnit.MILLISECONDS)
            .build();
    Call call = bare.newCall(new Request.Builder().url(address.url()).build());
    MAKING.put(call, this);
    makes = true;
    long start = System.nanoTime();
    try (Response none = call.execute()) {
      Connection made = MADE.get(call);
      if (made == null) {
        throw new IOException("answered by something else: " + none.code());
      }
      return checked(made, System.nanoTime() - start);
    } finally {
      MAKING.remove(call);
      MADE.remove(call);
    }
  }

  private Connection checked(Connection made, long connectNanos) throws IOException {
    boolean good = false;
    try {
      // What is offered to a request must be what it would have made.
      if (!made.route().address().equals(address)) {
        throw new IOException("a connection to somewhere else");
      }
      int settling = (int) Math.max(1, Math.min(SETTLING, connectNanos / NANOS_PER_MILLI));
      if (talks(made) && !Liveness.isSilent(made.socket(), settling)) {
        throw new IOException("the server ended it or spoke first");
      }
      good = true;
      return made;
    } finally {
      if (!good) {
        close(made);
      }
    }
  }

  /** Whether the server may send something by itself that nobody else reads. */
  private static boolean talks(Connection connection) {
    return connection.socket() instanceof SSLSocket && !isShared(connection);
  }

  private static boolean isShared(Connection connection) {
    return connection.protocol().toString().startsWith("h2");
  }

  /**
   * Takes the connection of a call of ours, which is about to write its request, away from it.
   *
   * @return what the call shall take for its response; null when it is no call of ours
   */
  @SuppressWarnings("deprecation") // The later overloads of ResponseBody.create are not in 3.12.
  public static @Nullable Response harvest(Interceptor.Chain chain) throws IOException {
    Call call = chain.call();
    if (!isMaking(call)) {
      return null;
    }
    Connection connection = chain.connection();
    if (connection == null || !release(call, connection)) {
      throw new IOException("no connection to keep");
    }
    MADE.put(call, connection);
    return new Response.Builder()
        .request(chain.request())
        .protocol(Protocol.HTTP_1_1)
        .code(204)
        .message("")
        .body(ResponseBody.create((MediaType) null, new byte[0]))
        .build();
  }

  /** As if the call were done with it; the socket that this says is to be closed stays open. */
  private static boolean release(Call call, Connection connection) throws IOException {
    try {
      for (Method method : call.getClass().getDeclaredMethods()) {
        if (method.getName().startsWith("releaseConnectionNoEvents")
            && method.getParameterTypes().length == 0) {
          method.setAccessible(true);
          synchronized (connection) {
            return method.invoke(call) != null;
          }
        }
      }
      return false;
    } catch (ReflectiveOperationException e) {
      throw new IOException(e);
    }
  }

  /** Puts a spare connection where the request that has taken it looks next. */
  boolean offer(Connection connection) {
    try {
      Method put = pool.getClass().getMethod("put", connection.getClass());
      synchronized (connection) {
        put.invoke(pool, connection);
      }
      return true;
    } catch (ReflectiveOperationException e) {
      close(connection);
      return false;
    }
  }

  @Override
  public boolean isAlive(Object spare) {
    Connection connection = (Connection) spare;
    Socket socket = connection.socket();
    // What has arrived may be one more ticket.
    return Liveness.of(socket, isShared(connection)) == Liveness.ALIVE
        || (talks(connection) && Liveness.isSilent(socket, 1));
  }

  @Override
  public void close(Object spare) {
    discard((Connection) spare);
  }

  static void discard(Connection connection) {
    try {
      connection.socket().close();
    } catch (IOException e) {
      // It is as good as closed.
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Spares
        && ((Spares) other).pool == pool
        && ((Spares) other).address.equals(address);
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(pool) * 31 + address.hashCode();
  }
}

package dev.freshwire.clients.okhttp;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.Liveness;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLSocket;
import okhttp3.Address;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.CookieJar;
import okhttp3.Dispatcher;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * The spare connections of one client to one address, each for one request. They are made by a call
 * of OkHttp's own that ends where its request would be written, so that DNS, proxies, certificates
 * and HTTP/2 are what they are for any other call; the application's interceptors, events, cookies
 * and dispatcher have no part in it. Thread-safe.
 *
 * <p>There are as many as were missing lately, and no more than allowed: a request that finds none
 * raises the number, a spare that nobody wanted in time lowers it, and only requests have new ones
 * made.
 */
public final class Spares implements Runnable {
  /** Connections that are being made at a time, to all servers. */
  private static final int MAKERS = 16;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int LONGEST_PAUSE = 10_000;
  private static final int FIRST_PAUSE = 100;

  /** After so long without a request what was learned of a server is forgotten. */
  private static final int FORGOTTEN = 20_000;

  /** How often is looked for spares that have waited too long. */
  private static final int SWEEP = 250;

  /** At most so long is waited for what a TLS server sends after its handshake. */
  private static final int SETTLING = 100;

  private static final Map<Key, Spares> ALL = new ConcurrentHashMap<>();

  /** The calls that only make a connection. */
  private static final Map<Call, Spares> MAKING = Collections.synchronizedMap(new WeakHashMap<>());

  /** Whether there has ever been one: every call asks, most applications make none. */
  private static volatile boolean makes;

  /** What they have made. */
  private static final Map<Call, Connection> MADE = new ConcurrentHashMap<>();

  private static final ThreadPoolExecutor THREADS =
      new ThreadPoolExecutor(
          0, MAKERS, 1, TimeUnit.SECONDS, new SynchronousQueue<Runnable>(), new Threads());

  private final Key key;
  private final Deque<Spare> waiting = new ArrayDeque<>();
  private int target;
  private int making;
  private int failures;
  private long pausedUntil = System.nanoTime();
  private boolean gone;
  private long wantedNanos = System.nanoTime();

  // How the last request that wanted one would have made it.
  private OkHttpClient client;
  private Enforcer enforcer;

  private Spares(Key key, OkHttpClient client, Enforcer enforcer) {
    this.key = key;
    this.client = client;
    this.enforcer = enforcer;
  }

  /**
   * A connection for a request that is looking for one; null when there is none. Either way more
   * are made as long as requests come.
   *
   * @param pool where it would be looked for
   */
  static @Nullable Connection take(
      Object pool, Address address, OkHttpClient client, Enforcer enforcer) {
    HttpUrl url = address.url();
    int most = enforcer.spares(url.host(), url.port());
    if (most <= 0) {
      return null;
    }
    Key key = new Key(pool, address);
    Spares spares = ALL.get(key);
    while (spares == null || !spares.isWanted(client, enforcer)) {
      // What has given itself up is not in the map any more.
      ALL.putIfAbsent(key, new Spares(key, client, enforcer));
      Sweep.begin();
      spares = ALL.get(key);
    }
    return spares.take(enforcer, most);
  }

  /** Whether {@code call} is one of ours, which only makes a connection. */
  static boolean isMaking(Call call) {
    return makes && MAKING.containsKey(call);
  }

  /** Who answers for it. */
  static @Nullable Enforcer enforcer(Call call) {
    Spares spares = MAKING.get(call);
    if (spares == null) {
      return null;
    }
    synchronized (spares) {
      return spares.enforcer;
    }
  }

  /** A request wants one; false when the sweep was faster, and has given all of this up. */
  private synchronized boolean isWanted(OkHttpClient client, Enforcer enforcer) {
    this.client = client;
    this.enforcer = enforcer;
    wantedNanos = System.nanoTime();
    return !gone;
  }

  private @Nullable Connection take(Enforcer enforcer, int most) {
    Spare taken = null;
    while (true) {
      Spare next;
      synchronized (this) {
        next = waiting.pollFirst();
      }
      if (next == null) {
        break;
      }
      if (next.isAlive(enforcer)) {
        taken = next;
        break;
      }
      waste(next);
    }
    int missing;
    synchronized (this) {
      target = Math.min(most, taken == null ? target + 1 : Math.max(1, target));
      missing = System.nanoTime() - pausedUntil < 0 ? 0 : target - waiting.size() - making;
      making += Math.max(0, missing);
    }
    for (int i = 0; i < missing; i++) {
      if (!start(this)) {
        synchronized (this) {
          making--;
        }
      }
    }
    return taken == null ? null : taken.connection;
  }

  private static boolean start(Runnable work) {
    try {
      THREADS.execute(work);
      return true;
    } catch (RejectedExecutionException allBusy) {
      return false;
    }
  }

  /** Makes one spare connection. */
  @Override
  public void run() {
    Spare made = null;
    try {
      made = make();
    } catch (IOException | RuntimeException e) {
      // A server that refuses is for the application's own requests to report.
      pause();
    } finally {
      made(made);
    }
  }

  private synchronized void made(@Nullable Spare spare) {
    making--;
    if (spare != null) {
      failures = 0;
      waiting.addLast(spare);
    }
  }

  private synchronized void pause() {
    int millis = Math.min(LONGEST_PAUSE, FIRST_PAUSE << Math.min(failures, 7));
    failures++;
    pausedUntil = System.nanoTime() + millis * NANOS_PER_MILLI;
  }

  private Spare make() throws IOException {
    OkHttpClient.Builder builder;
    synchronized (this) {
      builder = client.newBuilder();
    }
    builder.interceptors().clear();
    builder.networkInterceptors().clear();
    OkHttpClient bare =
        builder
            .eventListener(EventListener.NONE)
            .cookieJar(CookieJar.NO_COOKIES)
            .cache(null)
            .dispatcher(new Dispatcher(THREADS))
            .callTimeout(0, TimeUnit.MILLISECONDS)
            .build();
    Call call = bare.newCall(new Request.Builder().url(key.address.url()).build());
    MAKING.put(call, this);
    makes = true;
    long start = System.nanoTime();
    try (Response none = call.execute()) {
      Connection made = MADE.get(call);
      if (made == null) {
        throw new IOException("answered by something else: " + none.code());
      }
      return spare(made, System.nanoTime() - start);
    } finally {
      MAKING.remove(call);
      MADE.remove(call);
    }
  }

  private Spare spare(Connection made, long connectNanos) throws IOException {
    boolean kept = false;
    try {
      // What is offered to a request must be what it would have made.
      if (!made.route().address().equals(key.address)) {
        throw new IOException("a connection to somewhere else");
      }
      Spare spare = new Spare(made, settled(made, connectNanos));
      kept = true;
      return spare;
    } finally {
      if (!kept) {
        close(made);
      }
    }
  }

  /**
   * Reads the session tickets that a TLS 1.3 server sends after the handshake: they make the next
   * handshake a resumed one, and are not to be mistaken for something else later.
   */
  private static boolean settled(Connection connection, long connectNanos) throws IOException {
    Socket socket = connection.socket();
    if (!(socket instanceof SSLSocket) || isShared(connection)) {
      return true;
    }
    return isSilent(socket, (int) Math.max(1, Math.min(SETTLING, connectNanos / NANOS_PER_MILLI)));
  }

  private static boolean isSilent(Socket socket, int millis) throws IOException {
    int before = socket.getSoTimeout();
    socket.setSoTimeout(millis);
    try {
      socket.getInputStream().read();
      return false;
    } catch (SocketTimeoutException silent) {
      socket.setSoTimeout(before);
      return true;
    }
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
  static boolean offer(Object pool, Connection connection) {
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

  static void close(Connection connection) {
    try {
      connection.socket().close();
    } catch (IOException e) {
      // It is as good as closed.
    }
  }

  private void waste(Spare spare) {
    close(spare.connection);
    HttpUrl url = key.address.url();
    Enforcer counting;
    synchronized (this) {
      counting = enforcer;
    }
    counting.spareGone(url.host(), url.port(), false);
  }

  /** Throws away what has waited too long, and itself when nothing is left of it. */
  private void sweep() {
    Deque<Spare> old = new ArrayDeque<>();
    synchronized (this) {
      HttpUrl url = key.address.url();
      long most = enforcer.spareMaxIdle(url.host(), url.port()) * NANOS_PER_MILLI;
      long now = System.nanoTime();
      boolean attached = Enforcer.inCharge() != null;
      for (Iterator<Spare> all = waiting.iterator(); all.hasNext(); ) {
        Spare spare = all.next();
        if (!attached || now - spare.madeNanos >= most) {
          all.remove();
          old.add(spare);
          target = Math.max(0, target - 1);
        }
      }
      if (waiting.isEmpty() && making == 0 && now - wantedNanos > FORGOTTEN * NANOS_PER_MILLI) {
        gone = true;
        ALL.remove(key, this);
      }
    }
    for (Spare spare : old) {
      waste(spare);
    }
  }

  /** One connection that waits. */
  static final class Spare {
    final Connection connection;
    final long madeNanos = System.nanoTime();
    private final boolean settled;

    Spare(Connection connection, boolean settled) {
      this.connection = connection;
      this.settled = settled;
    }

    /** Whether it is young enough, and as far as can be seen the server has not ended it. */
    boolean isAlive(Enforcer enforcer) {
      HttpUrl url = connection.route().address().url();
      long most = enforcer.spareMaxIdle(url.host(), url.port()) * NANOS_PER_MILLI;
      if (!settled || System.nanoTime() - madeNanos >= most) {
        return false;
      }
      Socket socket = connection.socket();
      int liveness = Liveness.of(socket, isShared(connection));
      try {
        // What has arrived may be one more ticket.
        return liveness == Liveness.ALIVE
            || (socket instanceof SSLSocket && !isShared(connection) && isSilent(socket, 1));
      } catch (IOException e) {
        return false;
      }
    }
  }

  /**
   * A pool and an address in it; two clients that share a pool and are set up alike share spares.
   */
  static final class Key {
    private final Object pool;
    final Address address;

    Key(Object pool, Address address) {
      this.pool = pool;
      this.address = address;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key
          && ((Key) other).pool == pool
          && ((Key) other).address.equals(address);
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(pool) * 31 + address.hashCode();
    }
  }

  /** Looks after all spares as long as there are any. */
  static final class Sweep implements Runnable {
    private static boolean running;

    static void begin() {
      synchronized (Sweep.class) {
        if (!running) {
          running = true;
          new Threads().newThread(new Sweep()).start();
        }
      }
    }

    @Override
    public void run() {
      while (goesOn()) {
        LockSupport.parkNanos(SWEEP * NANOS_PER_MILLI);
        for (Spares spares : ALL.values()) {
          spares.sweep();
        }
      }
    }

    private static boolean goesOn() {
      synchronized (Sweep.class) {
        running = !ALL.isEmpty();
        return running;
      }
    }
  }

  static final class Threads implements java.util.concurrent.ThreadFactory {
    @Override
    public Thread newThread(Runnable work) {
      Thread thread = new Thread(work, "freshwire-spares");
      thread.setDaemon(true);
      return thread;
    }
  }
}

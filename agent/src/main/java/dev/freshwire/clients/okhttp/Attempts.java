package dev.freshwire.clients.okhttp;

import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Address;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.StreamResetException;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call: runs OkHttp's own {@code RetryAndFollowUpInterceptor} once for each, so
 * that every attempt plans its routes afresh. Inside the application's interceptors, for {@code
 * execute} and {@code enqueue} alike. Used by the thread of the call alone.
 */
public final class Attempts {
  private static final ThreadLocal<@Nullable Attempts> CURRENT = new ThreadLocal<>();

  /** The calls that wait before their next attempt, so that cancelling one ends its wait. */
  private static final Map<Call, Thread> WAITING = new ConcurrentHashMap<>();

  private final Call call;

  /** Answers for as long as the call lasts, by the policy that it began with. */
  private final Enforcer enforcer;

  /** Null out of scope, and for what must not be tried again. */
  private final dev.freshwire.bridge.@Nullable Call policy;

  /** Whether the connection of the attempt under way had served a request before. */
  private boolean pooled;

  /** A connection made ahead of time that this call has taken and not used yet. */
  private @Nullable Connection spare;

  /** Whether OkHttp was told that it may have it. */
  private boolean spareTaken;

  /** Whether a spare was asked for during the hop under way. */
  private boolean looked;

  /** Whether the request of the hop under way may have left; a redirect begins another hop. */
  private boolean hopSent;

  /**
   * Whether the attempt under way has followed a redirect or an authenticator: a request before the
   * one under way was answered, and may have been applied.
   */
  private boolean followed;

  /** Whether OkHttp was left to send the request of the hop under way again by itself. */
  private boolean resent;

  /**
   * Whether the headers of the hop's response are there; what fails until the next one is an
   * authenticator, an interceptor or the body.
   */
  private boolean answered;

  /**
   * Whether an interceptor or an authenticator has made a call of its own since the last step of
   * this one towards its server. What fails then is theirs; another attempt would make that call
   * again, and it may have been a write.
   */
  private boolean within;

  /** The limit for the whole call, if it is not the application's own. */
  private @Nullable CallTimeouts limit;

  private Attempts(Call call, Enforcer enforcer, dev.freshwire.bridge.@Nullable Call policy) {
    this.call = call;
    this.enforcer = enforcer;
    this.policy = policy;
  }

  /**
   * The attempts of the call that this thread is busy with; null of none, or of one out of scope.
   */
  public static @Nullable Attempts current() {
    return CURRENT.get();
  }

  /** The call that this thread is busy with got this response. */
  public static void exempt(Response response) {
    Attempts attempts = CURRENT.get();
    CallTimeouts limit = attempts == null ? null : attempts.limit;
    if (limit != null) {
      limit.exempt(response);
    }
  }

  /**
   * Runs the call.
   *
   * @return null when it is for {@code interceptor} to go on by itself: nobody is in charge, the
   *     call is out of scope, or this is an attempt that this method made
   */
  public static @Nullable Response run(Interceptor interceptor, Interceptor.Chain chain)
      throws IOException {
    Call call = chain.call();
    boolean making = Spares.isMaking(call);
    Enforcer enforcer = making ? Spares.enforcer(call) : Enforcer.inCharge();
    Attempts outer = CURRENT.get();
    if (enforcer == null || (outer != null && outer.call == call)) {
      return null;
    }
    if (outer != null && !making) {
      outer.within = true;
    }
    Request request = chain.request();
    HttpUrl url = request.url();
    // An upgrade is the beginning of a conversation that only the application can begin again.
    dev.freshwire.bridge.Call policy =
        making || request.header("Upgrade") != null || !enforcer.inScope(url.host(), url.port())
            ? null
            : enforcer.begin(
                request.method(),
                url.host(),
                url.port(),
                url.toString(),
                request.header("X-Retry-Count") != null,
                request.header("Idempotency-Key") != null);
    if (policy == null && outer == null && !making) {
      // Nothing to keep: what is asked about other hops of it, is asked of whoever is in charge.
      return null;
    }
    Attempts attempts = new Attempts(call, enforcer, policy);
    attempts.limit = policy == null ? null : CallTimeouts.begin(call, request, policy);
    CURRENT.set(attempts);
    try {
      return policy == null
          ? interceptor.intercept(chain)
          : attempts.run(interceptor, chain, request, policy);
    } finally {
      Connection spare = attempts.spare;
      if (spare != null) {
        // What OkHttp took is its own to close. Were there no hook to say that the request went out
        // on it, this would close it under the response.
        if (!attempts.spareTaken) {
          Spares.discard(spare);
        }
        HttpUrl unused = spare.route().address().url();
        enforcer.spareGone(unused.host(), unused.port(), false);
      }
      // An authenticator may make a call of its own from within this one. Where there is none, null
      // stays: after a removal the next question would make a new entry for nothing.
      CURRENT.set(outer);
    }
  }

  private Response run(
      Interceptor interceptor,
      Interceptor.Chain chain,
      Request request,
      dev.freshwire.bridge.Call policy)
      throws IOException {
    IOException earlier = null;
    while (true) {
      policy.attempting();
      nextHop();
      followed = false;
      pooled = false;
      try {
        Response response = interceptor.intercept(chain);
        long wait =
            policy.afterResponse(
                response.code(), response.header("Retry-After"), !isOneShot(request.body()));
        if (wait == Enforcer.NO_RETRY || !await(wait)) {
          return response;
        }
        response.close();
      } catch (IOException e) {
        if (earlier != null && earlier != e) {
          e.addSuppressed(earlier);
        }
        boolean repeatable = !policy.sent() || !isOneShot(request.body());
        // The proof is about the last request; what led to it may have been applied.
        boolean unprocessed = !followed && isUnprocessed(e);
        long wait =
            answered || within || call.isCanceled()
                ? Enforcer.NO_RETRY
                : policy.afterFailure(e, unprocessed, repeatable, pooled);
        if (wait == Enforcer.NO_RETRY || !await(wait)) {
          throw e;
        }
        earlier = e;
      }
    }
  }

  /** The request as it is to be written: a repeated one says so, as Supabase's own clients do. */
  public Request sending(Request request) {
    if (policy == null) {
      return request;
    }
    policy.sending();
    hopSent = true;
    answered = false;
    within = false;
    if (policy.attempt() == 0 || request.header("X-Retry-Count") != null) {
      return request;
    }
    return request.newBuilder().header("X-Retry-Count", Integer.toString(policy.attempt())).build();
  }

  /** The headers of a response are there. */
  public void answered() {
    answered = true;
  }

  /** Whether OkHttp must not send again by itself what it has sent before. */
  public boolean suppressesReplay() {
    return hopSent && policy != null && policy.suppressReplay();
  }

  /**
   * Whether OkHttp must not send again by itself what failed so. What a redirect led to and was not
   * processed it may: it sends that alone, and an attempt of ours begins with what was redirected.
   * Once: what ends that by itself is a count for each connection, and each has one of its own
   * here.
   */
  public boolean suppressesReplay(IOException failure) {
    if (within) {
      // 3.12 over HTTP/2 keeps its route then, and would go on without an end.
      return policy != null && policy.suppressReplay();
    }
    if (followed && !answered && !resent && isUnprocessed(failure)) {
      resent = true;
      hopSent = false;
    }
    return suppressesReplay();
  }

  /** OkHttp goes on to what a redirect or an authenticator says. */
  public void followUp() {
    nextHop();
    followed = true;
  }

  private void nextHop() {
    hopSent = false;
    looked = false;
    answered = false;
    within = false;
    resent = false;
  }

  /** Whether the policy has anything to say about this call. */
  public boolean isCovered() {
    return policy != null;
  }

  /** Whether more than counting is to happen to this call. */
  public boolean isEnforced() {
    return policy != null && policy.enforced();
  }

  /** What connecting may take, less what earlier attempts of this call spent. */
  public static int connectTimeout(HttpUrl url, int millis) {
    Attempts attempts = CURRENT.get();
    if (attempts == null) {
      return Enforcer.connectTimeout(url.host(), url.port(), millis);
    }
    // A resolver of addresses may have made calls, too.
    attempts.within = false;
    return attempts.policy != null && attempts.enforcer.inScope(url.host(), url.port())
        ? attempts.policy.connectTimeout(millis)
        : attempts.enforcer.cappedConnectTimeout(url.host(), url.port(), millis);
  }

  /** See {@link Enforcer#readTimeout}; {@code millis} is no timeout that the application chose. */
  public static int readTimeout(HttpUrl url, int millis) {
    Attempts attempts = CURRENT.get();
    return attempts == null
        ? Enforcer.readTimeout(url.host(), url.port(), millis, false)
        : attempts.enforcer.defaultReadTimeout(url.host(), url.port(), millis);
  }

  /** Whether OkHttp pools as it always did. */
  public static boolean mayReuseFreely(HttpUrl url) {
    Attempts attempts = CURRENT.get();
    return attempts == null
        ? Enforcer.mayReuse(url.host(), url.port())
        : attempts.enforcer.reuse(url.host(), url.port()) == Enforcer.FREELY;
  }

  /** Whether this connection of the pool may be looked at for a request to {@code url}. */
  public static boolean mayTake(HttpUrl url, Object connection) {
    Attempts attempts = CURRENT.get();
    if (attempts == null) {
      return Enforcer.mayReuse(url.host(), url.port());
    }
    int reuse = attempts.enforcer.reuse(url.host(), url.port());
    // What failed on a pooled connection is tried again on a new one, not on its neighbour.
    return reuse == Enforcer.FREELY
        || (reuse == Enforcer.CHECKED
            && attempts.policy != null
            && attempts.policy.mayReuse()
            && attempts.enforcer.knows(connection));
  }

  /** Whether a new connection may stay in the pool when its first request is done. */
  public static boolean mayKeep(HttpUrl url) {
    Attempts attempts = CURRENT.get();
    return attempts == null
        ? Enforcer.mayReuse(url.host(), url.port())
        : attempts.enforcer.reuse(url.host(), url.port()) != Enforcer.FRESH;
  }

  /**
   * See {@link Enforcer#fit}. The pool's gate lets none through that is not known; a new one that
   * is not is the call's own, of which OkHttp 3.12 asks this too over HTTP/2, and opens another if
   * it is not fit.
   */
  public static boolean isFit(HttpUrl url, Connection connection, Socket socket) {
    Attempts attempts = CURRENT.get();
    return attempts == null
        || attempts.enforcer.reuse(url.host(), url.port()) != Enforcer.CHECKED
        || !attempts.enforcer.knows(connection)
        || attempts.enforcer.fit(
            url.host(),
            url.port(),
            connection,
            socket,
            connection.protocol().toString().startsWith("h2"));
  }

  /** A connection was opened, for this call if it is one. */
  public static void opened(HttpUrl url, Object connection) {
    Attempts attempts = CURRENT.get();
    Enforcer enforcer = attempts == null ? Enforcer.inCharge() : attempts.enforcer;
    if (enforcer != null) {
      enforcer.connectionOpened(url.host(), url.port(), connection);
    }
  }

  /**
   * The call is about to look into the pool: puts a spare connection there for it, if there is one.
   *
   * @param routes null at the first look, before the route of a new connection is planned
   */
  public static void look(Object pool, Address address, @Nullable List<?> routes) {
    Attempts attempts = CURRENT.get();
    if (attempts != null) {
      // OkHttp looks again when addresses have been resolved, which may have taken calls as well.
      attempts.within = false;
    }
    if (attempts == null
        || attempts.policy == null
        || !attempts.policy.mayReuse()
        || attempts.looked
        || routes != null) {
      return;
    }
    attempts.looked = true;
    HttpUrl url = address.url();
    OkHttpClient client =
        attempts.enforcer.prewarms(url.host(), url.port())
            ? ReadTimeouts.clientOf(attempts.call)
            : null;
    if (client == null) {
      return;
    }
    Spares spares = new Spares(pool, address, client, attempts.enforcer);
    Connection spare = (Connection) attempts.enforcer.spare(url.host(), url.port(), spares);
    if (spare != null && spares.offer(spare)) {
      attempts.spare = spare;
      attempts.spareTaken = false;
    }
  }

  /**
   * Takes {@code connection} if it was put into the pool for this call and no other.
   *
   * @return whether it is that one
   */
  public static boolean takeSpare(Object connection) {
    Attempts attempts = CURRENT.get();
    if (attempts == null || attempts.spare != connection) {
      return false;
    }
    attempts.spareTaken = true;
    return true;
  }

  /** A request is about to be written to this connection. */
  public static void carries(HttpUrl url, Object connection) {
    Attempts attempts = CURRENT.get();
    if (attempts == null) {
      return;
    }
    boolean reused = attempts.enforcer.carries(url.host(), url.port(), connection);
    boolean spare = connection == attempts.spare;
    if (spare) {
      attempts.spare = null;
      attempts.enforcer.spareGone(url.host(), url.port(), true);
    }
    attempts.pooled = reused || spare;
  }

  /** Ends the wait of a call that was cancelled. */
  public static void cancelled(Call call) {
    Thread waiting = WAITING.get(call);
    if (waiting != null) {
      LockSupport.unpark(waiting);
    }
  }

  /** Waits; false when the call was cancelled or its thread interrupted meanwhile. */
  private boolean await(long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    WAITING.put(call, Thread.currentThread());
    try {
      while (!call.isCanceled() && !Thread.currentThread().isInterrupted()) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return true;
        }
        LockSupport.parkNanos(left);
      }
      return false;
    } finally {
      WAITING.remove(call);
    }
  }

  /** The server did not process it: REFUSED_STREAM, or a stream that a GOAWAY left out. */
  private static boolean isUnprocessed(IOException failure) {
    return failure instanceof ConnectionShutdownException
        || (failure instanceof StreamResetException
            && ((StreamResetException) failure).errorCode == ErrorCode.REFUSED_STREAM);
  }

  private static boolean isOneShot(@Nullable RequestBody body) {
    if (body == null) {
      return false;
    }
    // RequestBody.isOneShot and isDuplex came with 3.14; before it there was no such body.
    return is(body, "isOneShot") || is(body, "isDuplex");
  }

  private static boolean is(RequestBody body, String property) {
    try {
      Method method = RequestBody.class.getMethod(property);
      return Boolean.TRUE.equals(method.invoke(body));
    } catch (NoSuchMethodException before314) {
      return false;
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}

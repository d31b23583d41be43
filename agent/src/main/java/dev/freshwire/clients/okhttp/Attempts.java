package dev.freshwire.clients.okhttp;

import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
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
  private static final ThreadLocal<Attempts> CURRENT = new ThreadLocal<>();

  /** The calls that wait before their next attempt, so that cancelling one ends its wait. */
  private static final Map<Call, Thread> WAITING = new ConcurrentHashMap<>();

  private final Call call;
  private final dev.freshwire.bridge.Call policy;

  /** Whether the request of the hop under way may have left; a redirect begins another hop. */
  private boolean hopSent;

  private Attempts(Call call, dev.freshwire.bridge.Call policy) {
    this.call = call;
    this.policy = policy;
  }

  /** The attempts of the call that this thread is busy with; null out of scope. */
  public static @Nullable Attempts current() {
    return CURRENT.get();
  }

  /**
   * Runs the call.
   *
   * @return null when it is for {@code interceptor} to go on by itself: the call is out of scope,
   *     or this is an attempt that this method made
   */
  public static @Nullable Response run(Interceptor interceptor, Interceptor.Chain chain)
      throws IOException {
    Request request = chain.request();
    HttpUrl url = request.url();
    if (!Enforcer.covers(url.host(), url.port())) {
      return null;
    }
    Call call = chain.call();
    Attempts outer = CURRENT.get();
    if (outer != null && outer.call == call) {
      return null;
    }
    // An upgrade is the beginning of a conversation that only the application can begin again.
    dev.freshwire.bridge.Call policy =
        request.header("Upgrade") != null
            ? null
            : Enforcer.call(
                request.method(),
                url.host(),
                url.port(),
                url.toString(),
                request.header("X-Retry-Count") != null,
                request.header("Idempotency-Key") != null);
    if (policy == null) {
      return null;
    }
    Attempts attempts = new Attempts(call, policy);
    CURRENT.set(attempts);
    try {
      return attempts.run(interceptor, chain, request);
    } finally {
      // An authenticator may make a call of its own from within this one.
      if (outer == null) {
        CURRENT.remove();
      } else {
        CURRENT.set(outer);
      }
    }
  }

  private Response run(Interceptor interceptor, Interceptor.Chain chain, Request request)
      throws IOException {
    IOException earlier = null;
    while (true) {
      policy.attempting();
      hopSent = false;
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
        long wait =
            call.isCanceled()
                ? Enforcer.NO_RETRY
                : policy.afterFailure(e, isUnprocessed(e), repeatable, false);
        if (wait == Enforcer.NO_RETRY || !await(wait)) {
          throw e;
        }
        earlier = e;
      }
    }
  }

  /** The request as it is to be written: a repeated one says so, as Supabase's own clients do. */
  public Request sending(Request request) {
    policy.sending();
    hopSent = true;
    if (policy.attempt() == 0 || request.header("X-Retry-Count") != null) {
      return request;
    }
    return request.newBuilder().header("X-Retry-Count", Integer.toString(policy.attempt())).build();
  }

  /** Whether OkHttp must not send again by itself what it has sent before. */
  public boolean suppressesReplay() {
    return hopSent && policy.suppressReplay();
  }

  /** A redirect or an authenticator's answer is a request of its own. */
  public void nextHop() {
    hopSent = false;
  }

  /** See {@link dev.freshwire.bridge.Call#connectTimeout}. */
  public int connectTimeout(int millis) {
    return policy.connectTimeout(millis);
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

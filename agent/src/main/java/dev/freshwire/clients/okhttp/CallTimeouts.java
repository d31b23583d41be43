package dev.freshwire.clients.okhttp;

import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Request;
import okhttp3.Response;
import okio.AsyncTimeout;
import okio.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * The limit for a whole call. It is OkHttp's own call timeout, which the call has entered before
 * any interceptor of OkHttp's is asked: so it is left, and entered again with what the policy says,
 * and what ends the call is OkHttp. Used by the thread of the call alone.
 */
public final class CallTimeouts {
  private final AsyncTimeout timeout;
  private final long beforeMillis;

  private CallTimeouts(AsyncTimeout timeout, long beforeMillis) {
    this.timeout = timeout;
    this.beforeMillis = beforeMillis;
  }

  /**
   * Before the first attempt.
   *
   * @return null when the limit that the application chose stays
   */
  static @Nullable CallTimeouts begin(
      Call call, Request request, dev.freshwire.bridge.Call policy) {
    Timeout timeout = call.timeout();
    String accept = request.header("Accept");
    if (!(timeout instanceof AsyncTimeout) || (accept != null && isEventStream(accept))) {
      return null;
    }
    long now = TimeUnit.NANOSECONDS.toMillis(timeout.timeoutNanos());
    int wanted = policy.callTimeout((int) Math.min(now, Integer.MAX_VALUE));
    if (wanted <= 0 || wanted == now) {
      return null;
    }
    CallTimeouts begun = new CallTimeouts((AsyncTimeout) timeout, now);
    begun.enter(wanted);
    return begun;
  }

  /** A response that goes on for as long as it likes gets back the limit that it had. */
  void exempt(Response response) {
    String type = response.header("Content-Type");
    if (type != null && isEventStream(type)) {
      enter(beforeMillis);
    }
  }

  private void enter(long millis) {
    timeout.exit();
    timeout.timeout(millis, TimeUnit.MILLISECONDS);
    timeout.enter();
  }

  private static boolean isEventStream(String type) {
    return type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length());
  }
}

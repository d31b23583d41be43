package dev.freshwire.clients.jdkhttp;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How long the attempts of one call may wait for a response, and the call for its end. The call
 * itself is not kept here: it is the key under which its attempts are.
 */
public final class TimeLimits {
  private volatile boolean continued;
  private volatile boolean connecting;
  private volatile @Nullable CompletableFuture<@Nullable Void> tunnel;
  private volatile @Nullable CompletableFuture<@Nullable Void> answer;
  private volatile @Nullable CompletableFuture<@Nullable Void> rest;
  private volatile @Nullable CompletableFuture<@Nullable Void> whole;

  TimeLimits() {}

  /** An attempt begins; with the first one the limit for the whole call, until its response. */
  void attempting(Object call, @Nullable Call policy) {
    // That of a request that led to this one by a redirect, or a challenge.
    answered();
    continued = false;
    connecting = true;
    int millis = policy == null || whole != null ? 0 : policy.callTimeout(0);
    if (millis > 0) {
      whole = timer(call, millis);
    }
  }

  /**
   * A further attempt of the same request begins. The client gives it all of the application's own
   * timeout anew; this is what is left of it.
   */
  void continuing(Object call, long millis) {
    end(rest);
    rest = timer(call, (int) Math.max(1, Math.min(Integer.MAX_VALUE, millis)));
  }

  /**
   * The request was written, and its response is waited for: for as long as the policy says, where
   * the application said nothing. Reading the body is not limited, so that whatever is streamed may
   * take its time.
   */
  void waiting(Object call, HttpRequest request, Enforcer enforcer) {
    URI uri = request.uri();
    String host = uri.getHost();
    if (host == null || request.timeout().isPresent()) {
      return;
    }
    if (request.expectContinue() && !continued) {
      // Not before the body was written as well.
      continued = true;
      return;
    }
    int millis = enforcer.defaultReadTimeout(host, Connections.port(uri), 0);
    if (millis > 0) {
      answered();
      answer = timer(call, millis);
    }
  }

  /**
   * A tunnel through a proxy is about to be made. The client's own timer ends when the proxy has
   * accepted the connection: what it says then has none, nor has the handshake within the tunnel.
   */
  void tunnelling(Object call, int millis) {
    end(tunnel);
    tunnel = timer(call, millis);
  }

  /** The connection is there, and the request may leave. */
  void connected() {
    connecting = false;
    end(tunnel);
    tunnel = null;
  }

  /** The response is there, or the attempt has failed. */
  void answered() {
    end(tunnel);
    tunnel = null;
    end(answer);
    answer = null;
    end(rest);
    rest = null;
  }

  /** There is no further attempt. */
  void over() {
    end(whole);
  }

  private static void end(@Nullable CompletableFuture<@Nullable Void> timer) {
    if (timer != null) {
      timer.complete(null);
    }
  }

  private CompletableFuture<@Nullable Void> timer(Object call, int millis) {
    CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
    timer
        .orTimeout(millis, TimeUnit.MILLISECONDS)
        .whenComplete(
            (nothing, late) -> {
              if (late instanceof TimeoutException) {
                Internals.cancel(call, timedOut());
              }
            });
    return timer;
  }

  /** As the client says it. */
  private HttpTimeoutException timedOut() {
    if (!connecting) {
      return new HttpTimeoutException("request timed out");
    }
    HttpTimeoutException timedOut = new HttpConnectTimeoutException("HTTP connect timed out");
    timedOut.initCause(new ConnectException("HTTP connect timed out"));
    return timedOut;
  }
}

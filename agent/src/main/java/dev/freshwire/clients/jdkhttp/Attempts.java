package dev.freshwire.clients.jdkhttp;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call. A redirect, or the answer to a challenge, is a request of its own with
 * attempts of its own. Which threads an attempt goes through is the client's business, but they
 * follow each other.
 */
public final class Attempts {
  private static final String RETRY_COUNT = "X-Retry-Count";

  /** For the rest of a body that comes right behind its head, however short the wait. */
  private static final long BODY_MILLIS = 100;

  private static final Map<Object, Attempts> OF = Collections.synchronizedMap(new WeakHashMap<>());

  /** Answers for as long as the call lasts, by the policy that it began with. */
  private final Enforcer enforcer;

  /** Of the request under way; null while that is one out of scope. */
  private volatile @Nullable Call policy;

  /** Weak: it refers to the key under which this is kept. */
  private volatile WeakReference<HttpRequest> request;

  private final TimeLimits limits = new TimeLimits();

  /** When the request under way began. */
  private volatile long startNanos = System.nanoTime();

  private boolean watched;

  /** Whether the body may have been asked for, so that it matters whether it can be once more. */
  private volatile boolean begun;

  /** Whether something of the request may have left. */
  private volatile boolean left;

  /** Whether the head of a response is there. */
  private volatile boolean answered;

  /** How many attempts of the request under way ended before anything of them was sent. */
  private int unconnected;

  private volatile boolean pooled;
  private volatile @Nullable Throwable earlier;
  private volatile @Nullable CompletableFuture<@Nullable Void> backoff;

  private Attempts(Enforcer enforcer, @Nullable Call policy, HttpRequest request) {
    this.enforcer = enforcer;
    this.policy = policy;
    this.request = new WeakReference<>(request);
  }

  /** An attempt of {@code call} begins. */
  public static void attempting(Object call, HttpRequest request) {
    Attempts attempts = OF.get(call);
    if (attempts == null) {
      Enforcer enforcer = Enforcer.inCharge();
      if (enforcer == null) {
        return;
      }
      attempts = new Attempts(enforcer, begin(enforcer, request), request);
      OF.put(call, attempts);
      Identity.put(request, attempts);
    } else if (attempts.request.get() != request) {
      attempts.policy = begin(attempts.enforcer, request);
      Identity.put(request, attempts);
      attempts.request = new WeakReference<>(request);
      attempts.earlier = null;
      attempts.unconnected = 0;
      attempts.startNanos = System.nanoTime();
    }
    attempts.answered = false;
    attempts.limits.attempting(call, attempts.policy);
    attempts.attempting(request);
    if (attempts.isRepeated() && request.timeout().isPresent()) {
      attempts.limits.continuing(call, attempts.left(request));
    }
  }

  /** Whether the client must not send the request of {@code call} again by itself. */
  public static boolean isEnforced(Object call) {
    Attempts attempts = OF.get(call);
    Call policy = attempts == null ? null : attempts.policy;
    return policy != null && policy.enforced();
  }

  /** An attempt of {@code call} failed; the client is about to ask whether to send it again. */
  public static void failed(Object call) {
    if (isEnforced(call) && !isHttp3(Internals.lastExchange(call))) {
      Internals.exhaust(call);
    }
  }

  /**
   * Whether a failure is left to the client, which tries again what it knows to be unprocessed. On
   * Java 27 it gets no other connection to a server that ended one: what would have failed at once
   * would wait for that.
   */
  private static boolean isHttp3(@Nullable Object exchange) {
    return exchange != null && !Internals.isTcp(Internals.connection(exchange));
  }

  private static @Nullable Call begin(Enforcer enforcer, HttpRequest request) {
    URI uri = request.uri();
    // A WebSocket is a conversation that only the application can begin again.
    if (uri == null || Internals.isWebSocket(request)) {
      return null;
    }
    String host = uri.getHost();
    if (host == null) {
      return null;
    }
    return enforcer.begin(
        request.method(),
        host,
        Connections.port(uri),
        uri.toString(),
        request.headers().firstValue(RETRY_COUNT).isPresent(),
        request.headers().firstValue("Idempotency-Key").isPresent());
  }

  private void attempting(HttpRequest request) {
    Call policy = this.policy;
    if (policy == null) {
      return;
    }
    policy.attempting();
    begun = false;
    left = false;
    pooled = false;
    if (isRepeated() && !request.headers().firstValue(RETRY_COUNT).isPresent()) {
      Internals.setHeader(request, RETRY_COUNT, Integer.toString(policy.attempt()));
    }
  }

  /** Whether the attempt under way is one that the policy has added to the first. */
  private boolean isRepeated() {
    Call policy = this.policy;
    return policy != null && policy.enforced() && policy.attempt() > 0;
  }

  /** The head of the request is about to be written, or of HTTP/2 to be given a stream. */
  public static void sending(Object exchange) {
    Attempts attempts = OF.get(Internals.callOf(exchange));
    if (attempts == null) {
      return;
    }
    attempts.limits.connected();
    Call policy = attempts.policy;
    HttpRequest request = attempts.request.get();
    if (policy == null || request == null) {
      return;
    }
    attempts.begun = true;
    if (!Internals.isHttp2(exchange)) {
      attempts.left = true;
      policy.sending();
    }
    Object connection = Internals.connection(exchange);
    if (!Internals.isTcp(connection)) {
      return;
    }
    String host = request.uri().getHost();
    int port = Connections.port(request.uri());
    if (Connections.isFresh(connection)) {
      attempts.enforcer.connectionOpened(host, port, connection);
    }
    boolean spare = Spares.isFirstUse(connection);
    if (spare) {
      attempts.enforcer.spareGone(host, port, true);
    }
    attempts.pooled = attempts.enforcer.carries(host, port, connection) || spare;
  }

  /**
   * The headers of a registered stream of HTTP/2 are about to be written.
   *
   * @return false when the stream was cancelled, and nothing of it may leave
   */
  public static boolean mayLeave(Object stream) {
    Attempts attempts = OF.get(Internals.callOf(stream));
    Call policy = attempts == null ? null : attempts.policy;
    if (attempts == null || policy == null) {
      return true;
    }
    boolean enforced = policy.enforced();
    // On JDK 17 a connection that has ended takes a further stream, and forgets about it.
    if (enforced && (Internals.isClosed(stream) || Internals.isEnded(stream))) {
      return false;
    }
    attempts.left = true;
    policy.sending();
    // A stream is closed before its failure is known. So either the failure finds that the request
    // has left, or the end is found here.
    return !enforced || !Internals.isClosed(stream);
  }

  /** Where to connect to: a further address of the host where the one before did not answer. */
  public static InetSocketAddress address(HttpRequest request, InetSocketAddress first) {
    Attempts attempts = Identity.get(request);
    return attempts == null ? first : Connections.address(first, attempts.unconnected);
  }

  /** Who answers for {@code request}; null when nobody does. */
  static @Nullable Enforcer enforcer(HttpRequest request) {
    Attempts attempts = Identity.get(request);
    return attempts == null ? Enforcer.inCharge() : attempts.enforcer;
  }

  Enforcer enforcer() {
    return enforcer;
  }

  /** Whether the attempt under way may be given a connection that is not new, and is fit. */
  boolean mayReuse() {
    Call policy = this.policy;
    // What failed is tried again on a new connection, not on another one of the pool.
    return policy != null && policy.mayReuse();
  }

  /** The request was written, and its response is waited for. */
  public static void waiting(Object exchange) {
    Object call = Internals.callOf(exchange);
    Attempts attempts = OF.get(call);
    HttpRequest request = attempts == null ? null : attempts.request.get();
    if (attempts != null && attempts.policy != null && request != null) {
      attempts.limits.waiting(call, request, attempts.enforcer);
    }
  }

  /** The response of {@code call} has begun; the client may reject it yet, or follow it. */
  public static void answered(Object call) {
    Attempts attempts = OF.get(call);
    if (attempts != null) {
      // The timer goes on: the client may read a small body that nobody wants before it goes on.
      attempts.answered = true;
    }
  }

  /** What connecting may take now, TLS included. */
  public static Optional<Duration> connectTimeout(
      Object call, HttpRequest request, Optional<Duration> remaining) {
    URI uri = request.uri();
    if (uri == null) {
      return remaining;
    }
    // Nothing remaining must not look like no limit.
    int millis =
        remaining.isPresent()
            ? (int) Math.max(1, Math.min(Integer.MAX_VALUE, remaining.get().toMillis()))
            : 0;
    Attempts attempts = OF.get(call);
    Call policy = attempts == null ? null : attempts.policy;
    String host = uri.getHost();
    int capped =
        policy != null
            ? policy.connectTimeout(millis)
            : attempts != null && host != null
                ? attempts.enforcer.cappedConnectTimeout(host, Connections.port(uri), millis)
                : Enforcer.connectTimeout(host, Connections.port(uri), millis);
    if (attempts != null && policy != null && policy.enforced() && Internals.isTunnelled(request)) {
      // The application's own ends with the proxy's accepting, and may be too short for all of it.
      int whole = remaining.isPresent() && capped == millis ? policy.connectTimeout(0) : capped;
      if (whole > 0) {
        attempts.limits.tunnelling(call, whole);
      }
    }
    return capped == millis ? remaining : Optional.of(Duration.ofMillis(capped));
  }

  /** The call was cancelled: ends its wait. */
  public static void cancelled(Object call) {
    Attempts attempts = OF.get(call);
    CompletableFuture<@Nullable Void> waiting = attempts == null ? null : attempts.backoff;
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  /** The response of {@code call}, after as many attempts as it takes. */
  public static CompletableFuture<?> retried(Object call, CompletableFuture<?> response) {
    Attempts attempts = OF.get(call);
    if (attempts == null || attempts.policy == null) {
      return response;
    }
    synchronized (attempts) {
      // The client comes here again for redirects and challenges, and for each further attempt.
      if (attempts.watched) {
        return response;
      }
      attempts.watched = true;
    }
    return attempts.watch(call, response);
  }

  private CompletableFuture<Object> watch(Object call, CompletableFuture<?> response) {
    return response
        .handle((answer, failure) -> next(call, answer, failure))
        .thenCompose(next -> next);
  }

  private CompletableFuture<Object> next(
      Object call, @Nullable Object answer, @Nullable Throwable failure) {
    limits.answered();
    Throwable cause = Outcome.cause(failure);
    long wait = Enforcer.NO_RETRY;
    try {
      if (failure != null && !left) {
        Connections.unsent(Internals.lastExchange(call));
      }
      wait = wait(call, answer, cause);
    } catch (RuntimeException | LinkageError e) {
      Enforcer.hookFailed("java.net.http retry", e);
    }
    if (wait == Enforcer.NO_RETRY) {
      over(call);
      return done(answer, failure);
    }
    earlier = cause;
    CompletableFuture<@Nullable Void> backoff = new CompletableFuture<>();
    this.backoff = backoff;
    backoff.completeOnTimeout(null, wait, TimeUnit.MILLISECONDS);
    if (Internals.isCancelled(call)) {
      backoff.complete(null);
    }
    CompletableFuture<?> released =
        answer == null ? CompletableFuture.completedFuture(null) : release(call, wait);
    Executor executor = Internals.executor(call);
    CompletableFuture<?> due =
        released.handle((nothing, unclosed) -> null).thenCompose(nothing -> backoff);
    return executor == null
        ? due.thenComposeAsync(nothing -> again(call, failure))
        : due.thenComposeAsync(nothing -> again(call, failure), executor);
  }

  /**
   * Has the client read what there is of a body that nobody wants, or close the connection. The
   * client would wait for a small one without an end, as no timer of its own runs any more.
   *
   * @param wait milliseconds that there is time for it anyway
   */
  private static CompletableFuture<?> release(Object call, long wait) {
    CompletableFuture<@Nullable Void> released = new CompletableFuture<>();
    CompletableFuture<?> ignored = Internals.ignoreBody(call);
    ignored.whenComplete((body, unreadable) -> released.complete(null));
    released.completeOnTimeout(null, Math.max(wait, BODY_MILLIS), TimeUnit.MILLISECONDS);
    return released.thenRun(
        () -> {
          Object exchange = ignored.isDone() ? null : Internals.lastExchange(call);
          if (exchange != null) {
            Internals.close(Internals.connection(exchange));
          }
        });
  }

  private CompletableFuture<Object> again(Object call, @Nullable Throwable failure) {
    backoff = null;
    if (Internals.isCancelled(call)) {
      over(call);
      return CompletableFuture.failedFuture(
          failure != null ? failure : new IOException("Request cancelled"));
    }
    Call policy = this.policy;
    if (policy != null && policy.sent()) {
      // The next connect is no part of the one that succeeded.
      Internals.restartConnectTimeout(call);
    }
    return watch(call, Internals.respondAgain(call, policy == null ? 0 : policy.attempt()));
  }

  private void over(Object call) {
    limits.over();
    OF.remove(call);
  }

  private static CompletableFuture<Object> done(
      @Nullable Object answer, @Nullable Throwable failure) {
    return answer != null
        ? CompletableFuture.completedFuture(answer)
        : CompletableFuture.failedFuture(
            failure != null ? failure : new IOException("no response"));
  }

  /** Milliseconds before the next attempt, or {@link Enforcer#NO_RETRY}. */
  private long wait(Object call, @Nullable Object answer, @Nullable Throwable failure) {
    Call policy = this.policy;
    HttpRequest request = this.request.get();
    if (policy == null || request == null) {
      return Enforcer.NO_RETRY;
    }
    if (left) {
      // Said in the thread that sends, whose words this one may not have heard.
      policy.sending();
    }
    long wait;
    if (answer != null) {
      wait =
          policy.afterResponse(
              Internals.status(answer),
              Internals.header(answer, "Retry-After"),
              Outcome.isRepeatable(request));
    } else if (answered) {
      // By too many challenges, or one without a header: it would be a wrong password once more.
      return Enforcer.NO_RETRY;
    } else if (failure instanceof IOException && !Internals.isCancelled(call)) {
      if (policy.enforced() && !policy.sent()) {
        unconnected++;
      }
      Object exchange = Internals.lastExchange(call);
      if (isHttp3(exchange)) {
        return Enforcer.NO_RETRY;
      }
      // The client hands over the request before the handshake, and takes the failure of that for
      // a server without HTTP/2.
      boolean unshaken =
          exchange != null && Connections.isBeforeHandshake(Internals.connection(exchange));
      if (unshaken) {
        Internals.negotiateAgain(call, request);
      }
      wait =
          policy.afterFailure(
              Outcome.asPolicyKnowsIt(failure),
              unshaken || (exchange != null && Connections.isUnprocessed(exchange)),
              (!begun && !policy.sent()) || Outcome.isRepeatable(request),
              pooled);
      if (earlier != null && earlier != failure) {
        failure.addSuppressed(earlier);
      }
    } else {
      return Enforcer.NO_RETRY;
    }
    // The application's own timeout is one of the call, and stays one.
    return wait >= left(request) ? Enforcer.NO_RETRY : wait;
  }

  /** What is left of the application's own timeout, in milliseconds. */
  private long left(HttpRequest request) {
    Optional<Duration> timeout = request.timeout();
    return timeout.isPresent()
        ? TimeUnit.MILLISECONDS.convert(timeout.get())
            - (System.nanoTime() - startNanos) / 1_000_000
        : Long.MAX_VALUE;
  }
}

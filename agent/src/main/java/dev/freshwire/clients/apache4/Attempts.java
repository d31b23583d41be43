package dev.freshwire.clients.apache4;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.locks.LockSupport;
import org.apache.http.Header;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpEntity;
import org.apache.http.HttpEntityEnclosingRequest;
import org.apache.http.HttpException;
import org.apache.http.HttpHost;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.ConnectTimeoutException;
import org.apache.http.conn.ConnectionPoolTimeoutException;
import org.apache.http.conn.routing.HttpRoute;
import org.apache.http.impl.execchain.ClientExecChain;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one request; a redirect's next hop is a request of its own. Runs the client's own
 * {@code ProtocolExec} once for each attempt: inside redirects and the client's retries, around
 * authentication, connecting and sending. Found by the context of the exchange, which an
 * application may give to several requests at a time. Used by the thread of the request alone.
 */
public final class Attempts {
  /** What an answer that is null is handed on as. */
  public static final Object NOTHING = new Object();

  private static final String KEY = "freshwire.attempts";

  /** How soon a wait notices that the application does not want the answer any more. */
  private static final long TICK_NANOS = 50_000_000;

  /** The innermost request of this thread whose context another one may have, too. */
  private static final ThreadLocal<Running> RUNNING = new ThreadLocal<>();

  /** Connection managers that were shut down. */
  private static final Map<Object, Boolean> CLOSED =
      Collections.synchronizedMap(new WeakHashMap<>());

  private final Call policy;
  private final HttpRequestWrapper request;
  private final HttpHost target;
  private final @Nullable HttpExecutionAware execution;
  private @Nullable Object manager;
  private @Nullable HttpRequestExecutor executor;
  private boolean running = true;

  /** Whether the connection of the attempt under way served a request before. */
  private boolean pooled;

  /**
   * Whether an interceptor has made a request of its own since the last step of this one towards
   * its server. What fails then is the interceptor's; another attempt would make that request
   * again, and it may have been a write.
   */
  private boolean within;

  private Attempts(
      Call policy,
      HttpRequestWrapper request,
      HttpHost target,
      @Nullable HttpExecutionAware execution) {
    this.policy = policy;
    this.request = request;
    this.target = target;
    this.execution = execution;
  }

  /** Those that the exchange with this context belongs to; null out of scope. */
  public static @Nullable Attempts of(@Nullable HttpContext context) {
    Running here = RUNNING.get();
    if (here != null && here.context == context) {
      return here.attempts;
    }
    Object found = context == null ? null : context.getAttribute(KEY);
    return found instanceof Attempts ? (Attempts) found : null;
  }

  /**
   * Runs the request.
   *
   * @return the answer, or {@link #NOTHING}; null when it is for {@code protocol} to go on by
   *     itself: the request is out of scope, or this is an attempt that this method made
   */
  public static @Nullable Object run(
      ClientExecChain protocol,
      HttpRoute route,
      HttpRequestWrapper request,
      HttpClientContext context,
      @Nullable HttpExecutionAware execution)
      throws IOException, HttpException {
    Attempts outer = of(context);
    Attempts running = outer != null && outer.running ? outer : null;
    if (running != null && running.request == request) {
      return null;
    }
    Running before = RUNNING.get();
    if (before != null && before.attempts != null) {
      before.attempts.within = true;
    }
    Call policy = begin(request, route.getTargetHost());
    Attempts attempts =
        policy == null ? null : new Attempts(policy, request, route.getTargetHost(), execution);
    if (attempts != null) {
      context.setAttribute(KEY, attempts);
    } else if (outer != null) {
      context.removeAttribute(KEY);
    }
    if (attempts == null && running == null) {
      return null;
    }
    RUNNING.set(new Running(context, attempts));
    try {
      CloseableHttpResponse answer =
          attempts == null
              ? protocol.execute(route, request, context, execution)
              : attempts.run(protocol, route, context);
      return answer == null ? NOTHING : answer;
    } finally {
      if (before == null) {
        RUNNING.remove();
      } else {
        RUNNING.set(before);
      }
      if (attempts != null) {
        attempts.running = false;
      }
      // What runs inside an attempt may make a request of its own with the same context.
      if (running != null) {
        context.setAttribute(KEY, running);
      }
    }
  }

  /** What runs on a thread. */
  static final class Running {
    private final HttpContext context;
    private final @Nullable Attempts attempts;

    Running(HttpContext context, @Nullable Attempts attempts) {
      this.context = context;
      this.attempts = attempts;
    }
  }

  private static @Nullable Call begin(HttpRequest request, HttpHost target) {
    // An upgrade is the beginning of a conversation that only the application can begin again.
    if (!Enforcer.covers(target.getHostName(), target.getPort())
        || request.containsHeader("Upgrade")) {
      return null;
    }
    String uri = request.getRequestLine().getUri();
    return Enforcer.call(
        request.getRequestLine().getMethod(),
        target.getHostName(),
        target.getPort(),
        uri.startsWith("/") ? target.toURI() + uri : uri,
        request.containsHeader("X-Retry-Count"),
        request.containsHeader("Idempotency-Key"));
  }

  private @Nullable CloseableHttpResponse run(
      ClientExecChain protocol, HttpRoute route, HttpClientContext context)
      throws IOException, HttpException {
    Header[] headers = request.getAllHeaders();
    IOException earlier = null;
    while (true) {
      pooled = false;
      within = false;
      executor = null;
      policy.attempting();
      try {
        CloseableHttpResponse response = protocol.execute(route, request, context, execution);
        // What an application has put in place of the client's own may answer with less.
        if (response == null || response.getStatusLine() == null) {
          return response;
        }
        Header retryAfter = response.getFirstHeader("Retry-After");
        long wait =
            policy.afterResponse(
                response.getStatusLine().getStatusCode(),
                retryAfter == null ? null : retryAfter.getValue(),
                isRepeatable());
        if (wait == Enforcer.NO_RETRY) {
          return response;
        }
        response.close();
        if (!await(wait)) {
          throw new InterruptedIOException("Request aborted");
        }
      } catch (IOException e) {
        if (earlier != null && earlier != e) {
          e.addSuppressed(earlier);
        }
        if (!policy.sent() && mayHaveSent(e)) {
          policy.sending();
        }
        boolean repeatable = !policy.sent() || isRepeatable();
        long wait =
            within || isStopped()
                ? Enforcer.NO_RETRY
                : policy.afterFailure(kind(e), false, repeatable, pooled);
        if (wait == Enforcer.NO_RETRY || !await(wait)) {
          throw e;
        }
        earlier = e;
      }
      request.setHeaders(headers);
    }
  }

  /** The client's own exception for a connect timeout looks like an interrupted thread's. */
  private static IOException kind(IOException failure) {
    return failure instanceof ConnectTimeoutException
            && !(failure instanceof ConnectionPoolTimeoutException)
        ? new SocketTimeoutException(failure.getMessage())
        : failure;
  }

  private boolean isRepeatable() {
    HttpEntity body =
        request instanceof HttpEntityEnclosingRequest
            ? ((HttpEntityEnclosingRequest) request).getEntity()
            : null;
    return body == null || body.isRepeatable();
  }

  /** Waits; false when the request was aborted, its client closed or its thread interrupted. */
  private boolean await(long millis) {
    long until = System.nanoTime() + millis * 1_000_000;
    while (!isStopped()) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        return true;
      }
      LockSupport.parkNanos(Math.min(left, TICK_NANOS));
    }
    return false;
  }

  private boolean isStopped() {
    return (execution != null && execution.isAborted())
        || Thread.currentThread().isInterrupted()
        || (manager != null && CLOSED.containsKey(manager));
  }

  /** The request is about to be written; a repeated one says so, as Supabase's own clients do. */
  public void sending(HttpRequest written, HttpClientConnection connection) {
    within = false;
    policy.sending();
    if (policy.attempt() > 0 && !written.containsHeader("X-Retry-Count")) {
      written.setHeader("X-Retry-Count", Integer.toString(policy.attempt()));
    }
    try {
      Enforcer enforcer = Enforcer.inCharge();
      pooled =
          enforcer != null
              && enforcer.carries(
                  target.getHostName(), target.getPort(), Connections.identity(connection));
    } catch (IllegalStateException e) {
      // It was taken away, which the client is going to find out by itself.
    }
  }

  /** Whether a connection that comes out of the pool may carry the attempt. */
  boolean mayTake(HttpClientConnection connection) {
    Enforcer enforcer = Enforcer.inCharge();
    Object identity = Connections.identity(connection);
    return enforcer != null
        && policy.mayReuse()
        && enforcer.knows(identity)
        && enforcer.fit(
            target.getHostName(),
            target.getPort(),
            identity,
            Connections.transport(connection),
            false);
  }

  /** See {@link Call#connectTimeout}. */
  public int connectTimeout(int millis) {
    within = false;
    return policy.connectTimeout(millis);
  }

  /** Whether the client must not send again by itself. */
  public boolean suppressesReplay() {
    return policy.suppressReplay();
  }

  /** The host and port that this is for. */
  public HttpHost target() {
    return target;
  }

  /** The manager that the connection comes from, and who writes the request to it. */
  public void exchanges(Object connectionManager, HttpRequestExecutor requestExecutor) {
    manager = connectionManager;
    executor = requestExecutor;
  }

  /**
   * Whether the request may have left though nobody said so: the application's own executor need
   * not call {@link RequestExecutorAdvice}'s. Connecting is the client's part.
   */
  private boolean mayHaveSent(IOException failure) {
    HttpRequestExecutor writes = executor;
    if (writes == null
        || writes.getClass() == HttpRequestExecutor.class
        || failure instanceof ConnectException
        || failure instanceof ConnectTimeoutException
        || failure instanceof UnknownHostException) {
      return false;
    }
    try {
      return writes
              .getClass()
              .getMethod(
                  "execute", HttpRequest.class, HttpClientConnection.class, HttpContext.class)
              .getDeclaringClass()
          != HttpRequestExecutor.class;
    } catch (NoSuchMethodException e) {
      return true;
    }
  }

  /** A connection manager was shut down, so its client is closed. */
  public static void closed(Object connectionManager) {
    CLOSED.put(connectionManager, true);
  }
}

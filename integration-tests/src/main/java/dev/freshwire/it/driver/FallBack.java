package dev.freshwire.it.driver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An application of an asynchronous client that asks for a host which is not there, and in the
 * callback that tells it so asks another one and waits for the answer.
 */
public final class FallBack {
  /** What threads that begin repeated attempts are called. */
  private static final String RETRYING = "freshwire-retry";

  private static final String NOWHERE = "nowhere.test";

  private FallBack() {}

  /** A client. */
  public interface Asking {
    /**
     * Begins a GET.
     *
     * @param end is completed by the client's callback, on the callback's thread
     */
    void get(String url, Map<String, String> headers, CompletableFuture<Reply> end);
  }

  /** The resolver that the client is given. */
  public static InetAddress[] resolve(String host) throws UnknownHostException {
    if (host.equals(NOWHERE)) {
      throw new UnknownHostException(host);
    }
    return InetAddress.getAllByName(host);
  }

  /** Makes the call when the first one has failed. */
  public static Reply call(Call call, Asking client) throws Exception {
    Thread caller = Thread.currentThread();
    ClassLoader before = caller.getContextClassLoader();
    ClassLoader application = new ClassLoader(before) {};
    caller.setContextClassLoader(application);
    try {
      CompletableFuture<Reply> first = new CompletableFuture<>();
      CompletableFuture<Reply> second =
          first.handle((none, failure) -> askAnother(call, client, application));
      client.get("http://" + NOWHERE + "/", Collections.emptyMap(), first);
      Reply reply = second.get(20, TimeUnit.SECONDS);
      checkNoThreadKeeps(application);
      return reply;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    } finally {
      caller.setContextClassLoader(before);
    }
  }

  private static Reply askAnother(Call call, Asking client, ClassLoader application) {
    ClassLoader seen = Thread.currentThread().getContextClassLoader();
    if (seen != application) {
      throw new IllegalStateException("called with the context class loader " + seen);
    }
    try {
      CompletableFuture<Reply> end = new CompletableFuture<>();
      client.get(call.url(), call.headers(), end);
      return end.get(10, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new CompletionException(e);
    }
  }

  /** A thread that waits for the next one to begin must not keep an application from unloading. */
  private static void checkNoThreadKeeps(ClassLoader application) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(2);
    Thread keeping = keeping(application);
    while (keeping != null && System.nanoTime() < until) {
      Thread.sleep(5);
      keeping = keeping(application);
    }
    if (keeping != null) {
      throw new IllegalStateException(keeping + " keeps the application's class loader");
    }
  }

  private static @Nullable Thread keeping(ClassLoader application) {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(RETRYING) && thread.getContextClassLoader() == application) {
        return thread;
      }
    }
    return null;
  }
}

package dev.freshwire.clients.okhttp;

import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import okhttp3.ResponseBody;
import org.jspecify.annotations.Nullable;

/**
 * The read timeout where the application chose none. OkHttp's own default is 10 s; 0 waits for ever
 * and can only have been chosen. An application that chose just the default is told apart from one
 * that chose nothing by remembering its client. Thread-safe.
 */
public final class ReadTimeouts {
  private static final int DEFAULT_MILLIS = 10_000;

  /** Builders and clients that were given 10 s explicitly. */
  private static final Map<Object, Boolean> CHOSEN =
      Collections.synchronizedMap(new WeakHashMap<>());

  private ReadTimeouts() {}

  /** An application gave this builder a read timeout. */
  public static void chosen(Object builder, int millis) {
    if (millis == DEFAULT_MILLIS) {
      CHOSEN.put(builder, true);
    } else if (!CHOSEN.isEmpty()) {
      CHOSEN.remove(builder);
    }
  }

  /** A client was made of a builder, or a builder of a client. */
  public static void inherited(Object from, Object to) {
    if (!CHOSEN.isEmpty() && CHOSEN.containsKey(from)) {
      CHOSEN.put(to, true);
    }
  }

  /** The chain with the read timeout that is to be in force. */
  public static Interceptor.Chain applied(Interceptor.Chain chain) {
    int now = chain.readTimeoutMillis();
    if (now != DEFAULT_MILLIS
        || chain.request().header("Upgrade") != null
        || isChosen(chain.call())) {
      return chain;
    }
    HttpUrl url = chain.request().url();
    int wanted = Attempts.readTimeout(url, now);
    return wanted == now ? chain : chain.withReadTimeout(wanted, TimeUnit.MILLISECONDS);
  }

  /** Gives a response that goes on for as long as it likes OkHttp's own timeout back. */
  public static void exempt(Interceptor.Chain chain, Response response) {
    String type = response.header("Content-Type");
    if (type == null
        || !type.regionMatches(true, 0, "text/event-stream", 0, "text/event-stream".length())) {
      return;
    }
    HttpUrl url = chain.request().url();
    Connection connection = chain.connection();
    ResponseBody body = response.body();
    if (connection == null
        || body == null
        || isChosen(chain.call())
        || chain.readTimeoutMillis() != Attempts.readTimeout(url, DEFAULT_MILLIS)) {
      return;
    }
    body.source().timeout().timeout(DEFAULT_MILLIS, TimeUnit.MILLISECONDS);
    try {
      if (connection.socket().getSoTimeout() != 0) { // 0 on HTTP/2, where streams have timeouts
        connection.socket().setSoTimeout(DEFAULT_MILLIS);
      }
    } catch (IOException e) {
      // It was closed by another thread, which whoever reads from it is going to find out.
    }
  }

  private static boolean isChosen(Call call) {
    if (CHOSEN.isEmpty()) {
      return false;
    }
    Object client = clientOf(call);
    return client == null || CHOSEN.containsKey(client);
  }

  /** The client that made this call; null when it does not tell. */
  static @Nullable OkHttpClient clientOf(Call call) {
    try {
      Field client = call.getClass().getDeclaredField("client");
      client.setAccessible(true);
      return (OkHttpClient) client.get(call);
    } catch (ReflectiveOperationException e) {
      return null;
    }
  }
}

package dev.freshwire.it.driver.okhttp;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import dev.freshwire.it.driver.Variant;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.Cache;
import okhttp3.Callback;
import okhttp3.Credentials;
import okhttp3.Dns;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** OkHttp 3.12 to 5, by what all of them have. */
public final class OkHttpUnderTest implements ClientUnderTest {
  private final Map<String, okhttp3.Call> calls = new ConcurrentHashMap<>();
  private OkHttpClient client = new OkHttpClient();

  @Override
  public void open(Settings settings) throws IOException {
    OkHttpClient.Builder builder = new OkHttpClient.Builder();
    Long readTimeout = settings.readTimeout();
    if (readTimeout != null) {
      builder.readTimeout(readTimeout, TimeUnit.MILLISECONDS);
    }
    Long proxyPort = settings.proxyPort();
    if (proxyPort != null) {
      builder.proxy(
          new Proxy(
              Proxy.Type.HTTP,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort.intValue())));
    }
    String credentials = settings.credentials();
    if (credentials != null) {
      String basic = Credentials.basic(credentials, credentials);
      builder.authenticator(
          (route, response) ->
              response.request().newBuilder().header("Authorization", basic).build());
    }
    if (settings.cache()) {
      builder.cache(new Cache(Files.createTempDirectory("okhttp-cache").toFile(), 1 << 20));
    }
    List<String> addresses = settings.addresses();
    if (!addresses.isEmpty()) {
      builder.dns(
          host -> {
            if (!host.equals("localhost")) {
              return Dns.SYSTEM.lookup(host);
            }
            List<InetAddress> resolved = new ArrayList<>();
            for (String address : addresses) {
              resolved.add(
                  InetAddress.getByAddress(
                      host, InetAddress.getAllByName(address)[0].getAddress()));
            }
            return resolved;
          });
    }
    build(settings.variant(), builder);
    client = builder.build();
    // The default of five calls per host is the application's limit, not what is tested here.
    client.dispatcher().setMaxRequestsPerHost(256);
    client.dispatcher().setMaxRequests(256);
  }

  private void build(Variant variant, OkHttpClient.Builder builder) {
    switch (variant) {
      case PLAIN:
        break;
      case ASKS_FOR_TOKENS:
        builder.authenticator((route, response) -> authorized(response.request(), "localhost"));
        break;
      case ASKS_AHEAD:
        askAhead(builder, "localhost");
        break;
      case ASKS_AHEAD_ELSEWHERE:
        askAhead(builder, "127.0.0.1");
        break;
      case CLOSES_AHEAD:
        builder.addNetworkInterceptor(
            chain -> {
              Objects.requireNonNull(chain.connection()).socket().close();
              return chain.proceed(chain.request());
            });
        break;
      case LOOKS_INSIDE:
        builder.addNetworkInterceptor(
            chain -> {
              Response response = chain.proceed(chain.request());
              long length = response.peekBody(1 << 20).contentLength();
              if (response.code() == 403) {
                throw new IOException("forbidden, in so many bytes: " + length);
              }
              return response;
            });
        break;
      default:
        throw new IllegalArgumentException("OkHttp is not built " + variant);
    }
  }

  private void askAhead(OkHttpClient.Builder builder, String host) {
    builder.addNetworkInterceptor(
        chain -> {
          boolean asking = "token".equals(chain.request().header("X-Request-Id"));
          return chain.proceed(asking ? chain.request() : authorized(chain.request(), host));
        });
  }

  @SuppressWarnings("deprecation") // The later overloads are not in 3.12.
  private Request authorized(Request request, String host) throws IOException {
    HttpUrl url =
        Objects.requireNonNull(request.url().resolve("/token")).newBuilder().host(host).build();
    Request.Builder post = new Request.Builder().url(url).header("X-Request-Id", "token");
    try (Response token =
        client
            .newCall(post.post(RequestBody.create((MediaType) null, new byte[0])).build())
            .execute()) {
      if (!token.isSuccessful()) {
        throw new IOException("no token");
      }
      String given = "Bearer " + token.code();
      return request.newBuilder().header("Authorization", given).build();
    }
  }

  @Override
  public Reply call(Call call) throws Exception {
    Request.Builder request =
        new Request.Builder().url(call.url()).method(call.method(), body(call));
    call.headers().forEach(request::header);
    okhttp3.Call running = client.newCall(request.build());
    calls.put(call.ticket(), running);
    try {
      return call.async() ? enqueue(running, call) : consume(running.execute(), call);
    } finally {
      calls.remove(call.ticket());
    }
  }

  private static Reply enqueue(okhttp3.Call running, Call call) throws Exception {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    running.enqueue(
        new Callback() {
          @Override
          public void onFailure(okhttp3.Call failed, IOException e) {
            reply.completeExceptionally(e);
          }

          @Override
          public void onResponse(okhttp3.Call answered, Response response) {
            try {
              reply.complete(consume(response, call));
            } catch (IOException | RuntimeException e) {
              reply.completeExceptionally(e);
            }
          }
        });
    try {
      return reply.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    }
  }

  private static Reply consume(Response response, Call call) throws IOException {
    try (Response closing = response) {
      ResponseBody body = closing.body();
      if (body == null || call.consume() == Call.Consume.CLOSE) {
        return new Reply(closing.code(), 0, "");
      }
      if (call.consume() == Call.Consume.ABANDON) {
        return new Reply(closing.code(), body.byteStream().read() < 0 ? 0 : 1, "");
      }
      byte[] bytes = body.bytes();
      return new Reply(closing.code(), bytes.length, new String(bytes, StandardCharsets.UTF_8));
    }
  }

  @SuppressWarnings("deprecation") // The later overloads are not in 3.12.
  private static @Nullable RequestBody body(Call call) {
    if (!call.hasBody()) {
      return null;
    }
    byte[] bytes = new byte[call.bodySize()];
    MediaType type = MediaType.parse("application/octet-stream");
    return call.body() == Call.Body.BYTES
        ? RequestBody.create(type, bytes)
        : new OneShotBody(type, new ByteArrayInputStream(bytes));
  }

  @Override
  public void cancel(String ticket) {
    okhttp3.Call running = calls.get(ticket);
    if (running != null) {
      running.cancel();
    }
  }

  @Override
  public String webSocket(String url, long idleMillis, long heartbeatMillis) throws Exception {
    CompletableFuture<String> echo = new CompletableFuture<>();
    OkHttpClient beating =
        client.newBuilder().pingInterval(heartbeatMillis, TimeUnit.MILLISECONDS).build();
    WebSocket socket =
        beating.newWebSocket(
            new Request.Builder().url(url).build(),
            new WebSocketListener() {
              @Override
              public void onMessage(WebSocket from, String text) {
                echo.complete(text);
              }

              @Override
              public void onFailure(WebSocket failed, Throwable t, @Nullable Response response) {
                echo.completeExceptionally(t);
              }
            });
    // Idle on purpose: the length of the silence is what is tested. A failure ends it early.
    try {
      return echo.get(idleMillis, TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException idle) {
      socket.send("still here");
      return echo.get(idleMillis, TimeUnit.MILLISECONDS);
    } finally {
      socket.cancel();
    }
  }

  @Override
  public void close() throws IOException {
    client.dispatcher().cancelAll();
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
    Cache cache = client.cache();
    if (cache != null) {
      cache.delete();
    }
  }

  private static final class OneShotBody extends RequestBody {
    private final @Nullable MediaType type;
    private final InputStream source;

    OneShotBody(@Nullable MediaType type, InputStream source) {
      this.type = type;
      this.source = source;
    }

    @Override
    public @Nullable MediaType contentType() {
      return type;
    }

    // 3.12 does not know the idea and never calls it.
    @Override
    public boolean isOneShot() {
      return true;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      byte[] buffer = new byte[8192];
      for (int n = source.read(buffer); n >= 0; n = source.read(buffer)) {
        sink.write(buffer, 0, n);
      }
    }
  }
}

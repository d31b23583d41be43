package dev.freshwire.it.driver.jdkhttp;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Authenticator;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** {@code java.net.http.HttpClient}, as Java 11 has it. */
public final class JdkHttpUnderTest implements ClientUnderTest {
  private final Map<String, CompletableFuture<?>> calls = new ConcurrentHashMap<>();
  private final Map<String, Thread> callers = new ConcurrentHashMap<>();
  private @Nullable HttpClient client;
  private @Nullable Duration timeout;

  @Override
  public void open(Settings settings) {
    HttpClient.Builder builder =
        HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL);
    Long readTimeout = settings.readTimeout();
    if (readTimeout != null) {
      timeout = Duration.ofMillis(readTimeout);
    }
    Long connectTimeout = settings.connectTimeout();
    if (connectTimeout != null) {
      builder.connectTimeout(Duration.ofMillis(connectTimeout));
    }
    Long proxyPort = settings.proxyPort();
    if (proxyPort != null) {
      builder.proxy(
          ProxySelector.of(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort.intValue())));
    }
    String credentials = settings.credentials();
    if (credentials != null) {
      builder.authenticator(
          new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
              return new PasswordAuthentication(credentials, credentials.toCharArray());
            }
          });
    }
    client = builder.build();
  }

  private HttpClient client() throws IOException {
    HttpClient open = client;
    if (open == null) {
      throw new IOException("the client is closed");
    }
    return open;
  }

  @Override
  public Reply call(Call call) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(call.url())).method(call.method(), body(call));
    request.header("Accept-Encoding", "gzip");
    call.headers()
        .forEach(
            (name, value) -> {
              if (name.equals("Expect")) {
                request.expectContinue(true);
              } else {
                request.header(name, value);
              }
            });
    if (timeout != null) {
      request.timeout(timeout);
    }
    try {
      HttpResponse<InputStream> response;
      if (call.async()) {
        CompletableFuture<HttpResponse<InputStream>> running =
            client().sendAsync(request.build(), BodyHandlers.ofInputStream());
        calls.put(call.ticket(), running);
        response = running.get();
      } else {
        callers.put(call.ticket(), Thread.currentThread());
        response = client().send(request.build(), BodyHandlers.ofInputStream());
      }
      return consume(response, call);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception ? (Exception) e.getCause() : e;
    } finally {
      calls.remove(call.ticket());
      callers.remove(call.ticket());
    }
  }

  private static BodyPublisher body(Call call) {
    if (!call.hasBody()) {
      return BodyPublishers.noBody();
    }
    byte[] bytes = new byte[call.bodySize()];
    if (call.body() == Call.Body.BYTES) {
      return BodyPublishers.ofByteArray(bytes);
    }
    InputStream once = new ByteArrayInputStream(bytes);
    return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> once), bytes.length);
  }

  private static Reply consume(HttpResponse<InputStream> response, Call call) throws IOException {
    try (InputStream body = response.body()) {
      switch (call.consume()) {
        case CLOSE:
          return new Reply(response.statusCode(), 0, "");
        case ABANDON:
          return new Reply(response.statusCode(), body.read() < 0 ? 0 : 1, "");
        default:
          byte[] bytes = decoded(response, body).readAllBytes();
          return new Reply(
              response.statusCode(), bytes.length, new String(bytes, StandardCharsets.UTF_8));
      }
    }
  }

  /** As applications do that ask for it. */
  private static InputStream decoded(HttpResponse<?> response, InputStream body)
      throws IOException {
    String encoding = response.headers().firstValue("Content-Encoding").orElse("");
    return encoding.equals("gzip") ? new GZIPInputStream(body) : body;
  }

  /** The blocking call has no other means than interrupting its thread. */
  @Override
  public void cancel(String ticket) {
    CompletableFuture<?> running = calls.get(ticket);
    if (running != null) {
      running.cancel(true);
    }
    Thread caller = callers.get(ticket);
    if (caller != null) {
      caller.interrupt();
    }
  }

  @Override
  public String webSocket(String url, long idleMillis, long heartbeatMillis) throws Exception {
    CompletableFuture<String> echo = new CompletableFuture<>();
    WebSocket socket =
        client()
            .newWebSocketBuilder()
            .buildAsync(
                URI.create(url.replaceFirst("http", "ws")),
                new WebSocket.Listener() {
                  @Override
                  public @Nullable CompletionStage<?> onText(
                      WebSocket from, CharSequence text, boolean last) {
                    echo.complete(text.toString());
                    return null;
                  }

                  @Override
                  public void onError(WebSocket failed, Throwable thrown) {
                    echo.completeExceptionally(thrown);
                  }
                })
            .get();
    ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
    Future<?> beating =
        heart.scheduleAtFixedRate(
            () -> socket.sendPing(ByteBuffer.allocate(0)).join(),
            heartbeatMillis,
            heartbeatMillis,
            TimeUnit.MILLISECONDS);
    // Idle on purpose: the length of the silence is what is tested. A failure ends it early.
    try {
      return echo.get(idleMillis, TimeUnit.MILLISECONDS);
    } catch (TimeoutException idle) {
      socket.sendText("still here", true).join();
      return echo.get(idleMillis, TimeUnit.MILLISECONDS);
    } finally {
      beating.cancel(true);
      heart.shutdown();
      socket.abort();
    }
  }

  /** Before 21 a client is closed by forgetting it. */
  @Override
  public void close() throws Exception {
    calls.values().forEach(running -> running.cancel(true));
    callers.values().forEach(Thread::interrupt);
    HttpClient closing = client;
    client = null;
    if (closing instanceof AutoCloseable) {
      HttpClient.class.getMethod("shutdownNow").invoke(closing);
    } else {
      closing = null;
      System.gc();
    }
  }
}

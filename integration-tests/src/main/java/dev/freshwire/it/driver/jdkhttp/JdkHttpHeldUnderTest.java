package dev.freshwire.it.driver.jdkhttp;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Holds the call {@code held} between the pool of HTTP/2 and its first frame until the call {@code
 * passing}, which begins only then, has ended.
 */
public final class JdkHttpHeldUnderTest implements ClientUnderTest {
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch passed = new CountDownLatch(1);
  private @Nullable HttpClient client;
  private @Nullable Long timeout;

  @Override
  public void open(Settings settings) {
    client = HttpClient.newHttpClient();
    timeout = settings.readTimeout();
  }

  @Override
  public Reply call(Call call) throws Exception {
    HttpClient open = client;
    if (open == null) {
      throw new IOException("the client is closed");
    }
    BodyPublisher body = BodyPublishers.noBody();
    Long millis = null;
    if (call.ticket().equals("held")) {
      body = new Held();
      millis = timeout;
    } else if (call.ticket().equals("passing")) {
      await(held);
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(call.url()));
    call.headers().forEach(request::header);
    if (millis != null) {
      request.timeout(Duration.ofMillis(millis));
    }
    try {
      HttpResponse<String> response =
          open.send(request.method(call.method(), body).build(), BodyHandlers.ofString());
      return new Reply(response.statusCode(), response.body().length(), response.body());
    } finally {
      if (call.ticket().equals("passing")) {
        passed.countDown();
      }
    }
  }

  private static void await(CountDownLatch event) {
    try {
      if (!event.await(10, TimeUnit.SECONDS)) {
        throw new UncheckedIOException(new IOException("what was waited for did not happen"));
      }
    } catch (InterruptedException e) {
      throw new UncheckedIOException(new IOException(e));
    }
  }

  /** Asked for its length by the stream, which has a connection then and no number yet. */
  private final class Held implements BodyPublisher {
    private final BodyPublisher nothing = BodyPublishers.noBody();

    @Override
    public long contentLength() {
      boolean byStream =
          StackWalker.getInstance()
              .walk(
                  frames ->
                      frames.anyMatch(
                          frame ->
                              frame.getClassName().equals("jdk.internal.net.http.Stream")
                                  && frame.getMethodName().equals("sendHeadersAsync")));
      if (byStream) {
        held.countDown();
        await(passed);
      }
      return 0;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
      nothing.subscribe(subscriber);
    }
  }

  @Override
  public void cancel(String ticket) {
    throw new UnsupportedOperationException("nothing is cancelled here");
  }

  @Override
  public void close() {
    client = null;
  }
}

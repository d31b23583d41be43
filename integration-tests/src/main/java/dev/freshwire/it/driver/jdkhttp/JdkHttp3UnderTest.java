package dev.freshwire.it.driver.jdkhttp;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.jspecify.annotations.Nullable;

/**
 * {@code java.net.http.HttpClient} over HTTP/3 and nothing else, of which Java 11 knows nothing.
 */
public final class JdkHttp3UnderTest implements ClientUnderTest {
  private @Nullable HttpClient client;

  @Override
  public void open(Settings settings) {
    client = HttpClient.newBuilder().version(HttpClient.Version.valueOf("HTTP_3")).build();
  }

  @Override
  public Reply call(Call call) throws Exception {
    HttpClient open = client;
    if (open == null) {
      throw new IOException("the client is closed");
    }
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(call.url()));
    call.headers().forEach(request::header);
    request.method(
        call.method(),
        call.hasBody()
            ? BodyPublishers.ofByteArray(new byte[call.bodySize()])
            : BodyPublishers.noBody());
    onlyHttp3(request);
    HttpResponse<String> response = open.send(request.build(), BodyHandlers.ofString());
    return new Reply(response.statusCode(), response.body().length(), response.body());
  }

  private static void onlyHttp3(HttpRequest.Builder request) throws ReflectiveOperationException {
    Class<?> option = Class.forName("java.net.http.HttpOption");
    for (Object mode : Class.forName(option.getName() + "$Http3DiscoveryMode").getEnumConstants()) {
      if (mode.toString().equals("HTTP_3_URI_ONLY")) {
        HttpRequest.Builder.class
            .getMethod("setOption", option, Object.class)
            .invoke(request, option.getField("H3_DISCOVERY").get(null), mode);
      }
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

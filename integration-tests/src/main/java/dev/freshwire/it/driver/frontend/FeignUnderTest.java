package dev.freshwire.it.driver.frontend;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Reply;
import feign.Client;
import feign.Request;
import feign.Response;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Feign's own client, which is {@code HttpURLConnection}. */
public final class FeignUnderTest extends FrontEnd {
  private final Client client = new Client.Default(null, null);

  @Override
  public Reply call(Call call) throws IOException {
    Map<String, Collection<String>> headers = new LinkedHashMap<>();
    call.headers().forEach((name, value) -> headers.put(name, List.of(value)));
    byte @Nullable [] body = call.hasBody() ? new byte[call.bodySize()] : null;
    Request request =
        Request.create(
            Request.HttpMethod.valueOf(call.method()), call.url(), headers, body, null, null);
    try (Response response = client.execute(request, new Request.Options());
        InputStream content = response.body().asInputStream()) {
      byte[] bytes = content.readAllBytes();
      return new Reply(response.status(), bytes.length, new String(bytes, StandardCharsets.UTF_8));
    }
  }
}

package dev.freshwire.it.driver.frontend;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Reply;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestTemplate;

/** Spring's {@code RestTemplate}, on {@code HttpURLConnection} unless told otherwise. */
public final class RestTemplateUnderTest extends FrontEnd {
  private final RestTemplate template = new RestTemplate();

  @Override
  public Reply call(Call call) {
    HttpHeaders headers = new HttpHeaders();
    call.headers().forEach(headers::set);
    byte @Nullable [] body = call.hasBody() ? new byte[call.bodySize()] : null;
    ResponseEntity<String> response =
        template.exchange(
            call.url(),
            HttpMethod.valueOf(call.method()),
            new HttpEntity<>(body, headers),
            String.class);
    String text = String.valueOf(response.getBody());
    return new Reply(response.getStatusCode().value(), text.length(), text);
  }
}

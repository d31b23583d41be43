package dev.freshwire.it.driver.frontend;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Reply;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.web.client.RestClient;

/** Spring's {@code RestClient}, on {@code java.net.http} unless there is another client. */
public final class RestClientUnderTest extends FrontEnd {
  private final RestClient client = RestClient.create();

  @Override
  public Reply call(Call call) {
    RestClient.RequestBodySpec request =
        client.method(HttpMethod.valueOf(call.method())).uri(call.url());
    call.headers().forEach(request::header);
    if (call.hasBody()) {
      request.body(new byte[call.bodySize()]);
    }
    ResponseEntity<String> response = request.retrieve().toEntity(String.class);
    String text = String.valueOf(response.getBody());
    return new Reply(response.getStatusCode().value(), text.length(), text);
  }
}

package dev.freshwire.it.twin;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * Edge functions under {@code /functions/v1}. {@code advise} streams an answer as server-sent
 * events, word by word, as a language model does; {@code echo} returns the request's body.
 */
final class FunctionsService implements Service {

  private static final String[] WORDS = {"hold", "AAA", "buy", "BBB", "sell", "CCC"};

  private final Duration gap;

  /** {@code gap} is the silence between two events of a stream. */
  FunctionsService(Duration gap) {
    this.gap = gap;
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    byte[] body = exchange.body();
    switch (exchange.pathAfter("/functions/v1")) {
      case "advise" -> advise(exchange);
      case "echo" -> exchange.send(200, "application/json", body);
      default -> throw ApiException.plain(404, "Requested function was not found");
    }
  }

  private void advise(Exchange exchange) throws IOException {
    try (OutputStream out = exchange.stream(200, "text/event-stream")) {
      for (int i = 0; i < WORDS.length; i++) {
        if (i > 0) {
          LockSupport.parkNanos(gap.toNanos());
        }
        event(out, "{\"index\":" + i + ",\"token\":\"" + WORDS[i] + "\"}");
      }
      event(out, "[DONE]");
    }
    exchange.finish();
  }

  private static void event(OutputStream out, String data) throws IOException {
    out.write(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}

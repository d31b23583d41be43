package dev.freshwire.it.urlconnection;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.HttpClientContract;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.driver.urlconnection.HttpUrlConnectionUnderTest;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.harness.ClientVersion;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class HttpUrlConnectionContractIT extends HttpClientContract {
  static Stream<Arguments> runtimes() {
    return runtimes("HttpURLConnection", ClientVersion.OF_THE_JVM);
  }

  @Override
  protected Class<?> driver() {
    return HttpUrlConnectionUnderTest.class;
  }

  @Override
  protected boolean prewarms() {
    return true;
  }

  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol != Protocol.TLS_H2;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return switch (at.row()) {
      case RACE_ON_FRESH_ASYNC -> "it has no asynchronous call";
      case FIRST_ADDRESS_SILENT, FIRST_ADDRESS_DEAD -> "it asks the JVM's own resolver";
      case IDLE_WEB_SOCKET -> "it has no WebSocket";
      case REDIRECT, REDIRECT_OUT_OF_SCOPE ->
          at.post() ? "the redirect of a POST loses the headers that requests are told by" : null;
      case HTTP_CACHE -> "it has no cache of its own";
      default -> null;
    };
  }

  @Override
  protected Stock stock(Combination at) {
    return switch (at.row()) {
      // Replays whatever failed before an answer, a POST too, on fresh connections as well.
      case RACE_ON_REUSED, FIN_RACE_ON_REUSED, RACE_ON_FRESH, FIN_AT_100TH ->
          at.post() ? Stock.DOUBLED : Stock.COPES;
      case SILENT_DROP, CONNECT_UNANSWERED, NO_RESPONSE -> Stock.HANGS;
      case HANDSHAKE_DROPPED, PORT_OPENS_LATE, PORT_OPENS_LATE_ONE_SHOT -> Stock.LOST;
      case UNAVAILABLE_ONCE, UNKNOWN_ERROR_ONCE -> at.post() ? Stock.COPES : Stock.HANDED_ON;
      case CANCELLED_IN_BACKOFF, INTERRUPTED_IN_BACKOFF, CLOSED_IN_BACKOFF -> Stock.HANDED_ON;
      default -> Stock.COPES;
    };
  }
}

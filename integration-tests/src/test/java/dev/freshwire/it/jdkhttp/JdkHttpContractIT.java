package dev.freshwire.it.jdkhttp;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.HttpClientContract;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.driver.jdkhttp.JdkHttpUnderTest;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.harness.ClientVersion;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class JdkHttpContractIT extends HttpClientContract {
  static Stream<Arguments> runtimes() {
    return runtimes("java.net.http", ClientVersion.OF_THE_JVM);
  }

  @Override
  protected Class<?> driver() {
    return JdkHttpUnderTest.class;
  }

  @Override
  protected boolean prewarms() {
    return true;
  }

  @Override
  protected boolean givesAnswersUp() {
    return true;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return switch (at.row()) {
      case FIRST_ADDRESS_SILENT, FIRST_ADDRESS_DEAD ->
          "it asks the JVM's own resolver; SecondAddressIT has that one ask a file";
      case HTTP_CACHE -> "it has no cache";
      default -> null;
    };
  }

  @Override
  protected Stock stock(Combination at) {
    boolean http2 = at.protocol() == Protocol.TLS_H2;
    // From 26 on it sends up to five times by itself what it may send again at all.
    boolean persists = jvm().feature() >= 26;
    return switch (at.row()) {
      // Whether its pool has seen the end of the connection when the next request comes.
      case FIN_WHILE_IDLE, RST_WHILE_IDLE -> http2 || at.post() ? Stock.BY_CHANCE : Stock.COPES;
      // Replays a GET by itself, on HTTP/1.1.
      case RACE_ON_REUSED, FIN_RACE_ON_REUSED, RACE_ON_FRESH, RACE_ON_FRESH_ASYNC ->
          http2 && !at.post() ? Stock.LOST : Stock.COPES;
      // Whether it has read the GOAWAY when it sees the end of the connection.
      case GOAWAY_BELOW -> believesThePeer() ? Stock.BY_CHANCE : Stock.LOST;
      case REFUSED_STREAM -> believesThePeer() ? Stock.COPES : Stock.LOST;
      case REFUSED_STREAM_TWICE -> persists ? Stock.COPES : Stock.LOST;
      case GOAWAY_COVERING -> at.post() ? Stock.COPES : Stock.LOST;
      case FIN_AT_100TH -> at.post() || http2 ? Stock.LOST : Stock.COPES;
      case SILENT_DROP, CONNECT_UNANSWERED, NO_RESPONSE -> Stock.HANGS;
      case HANDSHAKE_DROPPED -> persists && !http2 && !at.post() ? Stock.COPES : Stock.LOST;
      case PORT_OPENS_LATE, PORT_OPENS_LATE_ONE_SHOT -> Stock.LOST;
      case UNAVAILABLE_ONCE, UNKNOWN_ERROR_ONCE -> at.post() ? Stock.COPES : Stock.HANDED_ON;
      case CANCELLED_IN_BACKOFF, INTERRUPTED_IN_BACKOFF, CLOSED_IN_BACKOFF -> Stock.HANDED_ON;
      default -> Stock.COPES;
    };
  }

  /**
   * Whether it sends again what the peer says it has not processed: JDK-8335181, in later updates
   * of 17 too. 17.0.15 gives up, 17.0.21 does not.
   */
  private boolean believesThePeer() {
    return jvm().feature() != 17 || jvm().update() > 15;
  }
}

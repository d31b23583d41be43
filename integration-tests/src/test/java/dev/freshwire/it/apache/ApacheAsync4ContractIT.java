package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.driver.apacheasync4.ApacheAsync4UnderTest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class ApacheAsync4ContractIT extends ApacheContract {
  static Stream<Arguments> runtimes() {
    return versions("apacheasync4", "4.1", "4.1.3", "4.1.5");
  }

  @Override
  protected Class<?> driver() {
    return ApacheAsync4UnderTest.class;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return switch (at.row()) {
      case GZIP -> "the client does not decompress";
      case FIRST_ADDRESS_DEAD, FIRST_ADDRESS_SILENT ->
          "the client connects to the first address only";
      default -> super.notFor(at);
    };
  }

  @Override
  protected Stock stock(Combination at) {
    return switch (at.row()) {
      // Whether the client's own thread has seen the end of the connection before the request.
      case FIN_WHILE_IDLE, RST_WHILE_IDLE, HANDSHAKE_DROPPED -> Stock.BY_CHANCE;
      // It repeats nothing that was sent.
      case RACE_ON_REUSED, FIN_RACE_ON_REUSED, RACE_ON_FRESH, RACE_ON_FRESH_ASYNC ->
          at.post() ? Stock.COPES : Stock.LOST;
      case FIN_AT_100TH -> Stock.LOST;
      case UNAVAILABLE_ONCE -> at.post() ? Stock.COPES : Stock.HANDED_ON;
      case CANCELLED_IN_BACKOFF, INTERRUPTED_IN_BACKOFF, CLOSED_IN_BACKOFF -> Stock.HANDED_ON;
      default -> super.stock(at);
    };
  }
}

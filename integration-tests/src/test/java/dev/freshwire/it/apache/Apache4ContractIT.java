package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.driver.apache4.Apache4UnderTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class Apache4ContractIT extends ApacheContract {
  static Stream<Arguments> runtimes() {
    return versions("apache4", "4.3.6", "4.4.1", "4.5.14");
  }

  @Override
  protected Class<?> driver() {
    return Apache4UnderTest.class;
  }

  @Override
  protected Stock stock(Combination at) {
    return switch (at.row()) {
      // 4.3 looks at a pooled connection before every request, 4.4 and later after two seconds.
      case FIN_WHILE_IDLE -> is("4.3") ? Stock.COPES : super.stock(at);
      // A POST is sent again if it was the writing that met the reset, and not if it was the
      // reading.
      case RST_WHILE_IDLE -> at.post() ? Stock.BY_CHANCE : Stock.COPES;
      case UNAVAILABLE_ONCE -> at.post() ? Stock.COPES : Stock.HANDED_ON;
      case CANCELLED_IN_BACKOFF, INTERRUPTED_IN_BACKOFF, CLOSED_IN_BACKOFF -> Stock.HANDED_ON;
      default -> super.stock(at);
    };
  }
}

package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Row;
import dev.freshwire.it.driver.apache5.Apache5Http2UnderTest;
import dev.freshwire.it.faults.Protocol;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Closing its client of 5.0 throws by itself. */
@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class Apache5Http2ContractIT extends Apache5AsyncContract {
  static Stream<Arguments> runtimes() {
    return versions("apache5", "5.3.1", "5.6.5");
  }

  @Override
  protected Class<?> driver() {
    return Apache5Http2UnderTest.class;
  }

  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol == Protocol.TLS_H2;
  }

  /**
   * Until 5.3 a client that is closed over a connection without an answer wakes it up after its
   * selector was closed.
   */
  @Override
  protected @Nullable String stockFailsToClose(Combination at) {
    return at.row() == Row.SILENT_DROP && is("5.3") ? "CancelledKeyException" : null;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    String left = notInOrdinaryRun(at);
    if (left != null) {
      return left;
    }
    return switch (at.row()) {
      case CONNECT_PROXY -> "the client speaks HTTP/2 only, and so to no proxy";
      case FIRST_ADDRESS_DEAD -> "the client connects to the first address only";
      default -> super.notFor(at);
    };
  }
}

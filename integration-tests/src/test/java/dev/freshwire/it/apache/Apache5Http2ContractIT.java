package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.driver.apache5.Apache5Http2UnderTest;
import dev.freshwire.it.faults.Protocol;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Closing its client of 5.0 throws by itself. */
@ParameterizedClass(name = "{0} on {1}", allowZeroInvocations = true)
@MethodSource("runtimes")
class Apache5Http2ContractIT extends Apache5AsyncContract {
  static Stream<Arguments> runtimes() {
    return SAMPLE ? Stream.empty() : versions("apache5", "5.3.1", "5.6.4");
  }

  @Override
  protected Class<?> driver() {
    return Apache5Http2UnderTest.class;
  }

  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol == Protocol.TLS_H2;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return switch (at.row()) {
      case CONNECT_PROXY -> "the client speaks HTTP/2 only, and so to no proxy";
      case FIRST_ADDRESS_DEAD -> "the client connects to the first address only";
      default -> super.notFor(at);
    };
  }
}

package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.driver.apache5.Apache5MultiplexingUnderTest;
import dev.freshwire.it.faults.Protocol;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** It came with 5.5. */
@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class Apache5MultiplexingContractIT extends Apache5AsyncContract {
  static Stream<Arguments> runtimes() {
    return versions("apache5", "5.5.2", "5.6.5");
  }

  @Override
  protected Class<?> driver() {
    return Apache5MultiplexingUnderTest.class;
  }

  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol == Protocol.TLS_H2;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    String left = notInOrdinaryRun(at);
    return left != null ? left : super.notFor(at);
  }
}

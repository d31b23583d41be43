package dev.freshwire.it.apache;

import dev.freshwire.it.driver.apache5.Apache5AsyncUnderTest;
import dev.freshwire.it.faults.Protocol;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class Apache5AsyncContractIT extends Apache5AsyncContract {
  static Stream<Arguments> runtimes() {
    return versions("apache5", "5.0.4", "5.3.1", "5.6.5");
  }

  @Override
  protected Class<?> driver() {
    return Apache5AsyncUnderTest.class;
  }

  /** 5.0 negotiates HTTP/2 only where the application tells it how to read what was negotiated. */
  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol == Protocol.TLS_H2 ? !is("5.0") : !SAMPLE;
  }
}

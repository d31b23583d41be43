package dev.freshwire.it.apache;

import dev.freshwire.it.driver.apache5.Apache5UnderTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class Apache5ContractIT extends Apache5Contract {
  static Stream<Arguments> runtimes() {
    return versions("apache5", "5.0.4", "5.3.1", "5.6.5");
  }

  @Override
  protected Class<?> driver() {
    return Apache5UnderTest.class;
  }
}

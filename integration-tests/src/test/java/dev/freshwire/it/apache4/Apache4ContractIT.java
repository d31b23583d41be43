package dev.freshwire.it.apache4;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.HttpClientContract;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.driver.apache4.Apache4UnderTest;
import dev.freshwire.it.faults.Protocol;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledIf(
    value = "dev.freshwire.it.harness.PackagedAgent#knowsApache4",
    disabledReason = "held back until this is green: build with -Dclients.held=none to run it")
@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class Apache4ContractIT extends HttpClientContract {
  static Stream<Arguments> runtimes() {
    return runtimes("apache4", "4.3.6", "4.4.1", "4.5.14");
  }

  @Override
  protected Class<?> driver() {
    return Apache4UnderTest.class;
  }

  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol != Protocol.TLS_H2;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return switch (at.row()) {
      case IDLE_WEB_SOCKET -> "the client has no WebSocket";
      case HTTP_CACHE -> "the cache is another library";
      default -> super.notFor(at);
    };
  }

  @Override
  protected Stock stock(Combination at) {
    return ApacheStock.of(at);
  }
}

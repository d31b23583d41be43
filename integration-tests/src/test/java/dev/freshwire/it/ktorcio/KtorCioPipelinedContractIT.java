package dev.freshwire.it.ktorcio;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Stock;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The same where the application lets GET and HEAD share connections. */
@EnabledIf(
    value = "dev.freshwire.it.harness.PackagedAgent#knowsKtorCio",
    disabledReason = "held back until this is green: build with -Dclients.held=none to run it")
@ParameterizedClass(name = "{0}, pipelining, on {1}")
@MethodSource("runtimes")
class KtorCioPipelinedContractIT extends KtorCioContractIT {
  static Stream<Arguments> runtimes() {
    return KtorCioContractIT.runtimes();
  }

  @Override
  protected String driverName() {
    return "dev.freshwire.it.driver.ktorcio.PipelinedUnderTest";
  }

  @Override
  protected boolean pools() {
    return true;
  }

  @Override
  protected Stock stock(Combination at) {
    return Stock.BY_CHANCE;
  }
}

package dev.freshwire.it.ktorcio;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Row;
import dev.freshwire.it.contract.Stock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same where the application lets GET and HEAD share connections. What CIO does then by itself
 * nobody can rely on (KTOR-7009): it ends the connection for writing after the first request, which
 * many servers take for the end of it all.
 */
@ParameterizedClass(name = "{0}, pipelining, on {1}", allowZeroInvocations = true)
@MethodSource("runtimes")
class KtorCioPipelinedContractIT extends KtorCioContractIT {
  static Stream<Arguments> runtimes() {
    return SAMPLE ? Stream.empty() : KtorCioContractIT.runtimes();
  }

  @Override
  protected String driverName() {
    return "dev.freshwire.it.driver.ktorcio.PipelinedUnderTest";
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return at.row() == Row.REDIRECT_OUT_OF_SCOPE
        ? "out of scope CIO may get no answer on a connection that it has half closed"
        : super.notFor(at);
  }

  @Override
  protected String notUnderRandomFaults() {
    return "without the agent a request may wait for ever, also where there is no fault";
  }

  @Override
  protected Stock stock(Combination at) {
    return Stock.BY_CHANCE;
  }
}

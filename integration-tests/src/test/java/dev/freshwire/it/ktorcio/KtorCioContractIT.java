package dev.freshwire.it.ktorcio;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.HttpClientContract;
import dev.freshwire.it.contract.Row;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.faults.Protocol;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@ParameterizedClass(name = "{0} on {1}")
@MethodSource("runtimes")
class KtorCioContractIT extends HttpClientContract {
  /** Where versions are not chosen, the build makes the newest driver only. */
  static final boolean SAMPLE = System.getProperty("freshwire.test.versions") == null;

  /** One row for each thing that the agent does for it. */
  private static final Set<Row> SAMPLED =
      EnumSet.of(
          Row.RACE_ON_FRESH,
          Row.CONNECT_UNANSWERED,
          Row.HANDSHAKE_DROPPED,
          Row.UNAVAILABLE_ONCE,
          Row.NO_RESPONSE,
          Row.PORT_OPENS_LATE_ONE_SHOT,
          Row.CANCELLED_IN_BACKOFF);

  static Stream<Arguments> runtimes() {
    return SAMPLE ? runtimes("ktorcio", "3.5.1") : runtimes("ktorcio", "2.3.12", "3.0.2", "3.5.1");
  }

  @Override
  protected String driverName() {
    return "dev.freshwire.it.driver.ktorcio.KtorCioUnderTest";
  }

  @Override
  protected boolean speaks(Protocol protocol) {
    return protocol == Protocol.TLS_H1 || (protocol == Protocol.H1 && !SAMPLE);
  }

  @Override
  protected boolean pools() {
    return false;
  }

  @Override
  protected boolean validates(Protocol protocol) {
    return false;
  }

  @Override
  protected boolean resumes() {
    return false;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    if (SAMPLE && !SAMPLED.contains(at.row())) {
      return "the ordinary run has a sample of CIO's rows";
    }
    return switch (at.row()) {
      case FIRST_ADDRESS_SILENT, FIRST_ADDRESS_DEAD -> "it asks the JVM's own resolver";
      case AUTHENTICATOR -> "Ktor's plugin for credentials is another library";
      case GZIP -> "Ktor's plugin for encodings is another library";
      case REDIRECT, REDIRECT_OUT_OF_SCOPE ->
          at.post() ? "Ktor does not follow a redirect of a POST" : super.notFor(at);
      default -> super.notFor(at);
    };
  }

  @Override
  protected Stock stock(Combination at) {
    return switch (at.row()) {
      case RACE_ON_REUSED, FIN_RACE_ON_REUSED, RACE_ON_FRESH, RACE_ON_FRESH_ASYNC ->
          at.post() ? Stock.COPES : Stock.LOST;
      case CONNECT_UNANSWERED, NO_RESPONSE -> Stock.HANGS;
      case HANDSHAKE_DROPPED, PORT_OPENS_LATE, PORT_OPENS_LATE_ONE_SHOT -> Stock.LOST;
      case UNAVAILABLE_ONCE, UNKNOWN_ERROR_ONCE -> at.post() ? Stock.COPES : Stock.HANDED_ON;
      case CANCELLED_IN_BACKOFF, INTERRUPTED_IN_BACKOFF, CLOSED_IN_BACKOFF -> Stock.HANDED_ON;
      default -> Stock.COPES;
    };
  }
}

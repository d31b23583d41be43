package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Row;
import dev.freshwire.it.contract.Stock;
import dev.freshwire.it.faults.Protocol;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The asynchronous clients of HttpClient 5. */
abstract class Apache5AsyncContract extends Apache5Contract {
  /**
   * What the ordinary run has of the clients that are for HTTP/2: the rows in which they differ.
   */
  private static final Set<Row> SAMPLED =
      EnumSet.of(
          Row.FIN_WHILE_IDLE,
          Row.RACE_ON_FRESH,
          Row.GOAWAY_BELOW,
          Row.REFUSED_STREAM,
          Row.GOAWAY_COVERING,
          Row.UNAVAILABLE_ONCE,
          Row.NO_RESPONSE,
          Row.EARLY_RESPONSE,
          Row.CANCELLED_IN_BACKOFF);

  /** Why a row is left to the long run; null: it is not. */
  static @Nullable String notInOrdinaryRun(Combination at) {
    return SAMPLE && !SAMPLED.contains(at.row())
        ? "the ordinary run has a sample of the rows"
        : null;
  }

  @Override
  protected @Nullable String notFor(Combination at) {
    return switch (at.row()) {
      case GZIP ->
          is("5.6") ? super.notFor(at) : "the asynchronous client did not decompress before 5.6";
      default -> super.notFor(at);
    };
  }

  @Override
  protected boolean validates(Protocol protocol) {
    return protocol != Protocol.TLS_H2;
  }

  @Override
  protected @Nullable String notUnderRandomFaults() {
    return is("5.0") ? "a POST that the client repeats after 503 never ends" : null;
  }

  @Override
  protected Stock stock(Combination at) {
    boolean is50 = is("5.0");
    return switch (at.row()) {
      // Whether the client's own thread has seen the end of the connection before the request.
      case FIN_WHILE_IDLE, RST_WHILE_IDLE -> Stock.BY_CHANCE;
      case FIN_RACE_ON_REUSED, GOAWAY_COVERING -> at.post() ? Stock.COPES : Stock.LOST;
      case REFUSED_STREAM -> at.post() ? Stock.LOST : Stock.COPES;
      // The client does not look at what the server says it processed.
      case FIN_AT_100TH, GOAWAY_BELOW, REFUSED_STREAM_TWICE -> Stock.LOST;
      // The application was given the first half already.
      case HALF_A_BODY -> at.post() ? Stock.COPES : Stock.SENT_AGAIN;
      // 5.0 does not wait, and never sends the body of a POST a second time, but waits for its end.
      case UNAVAILABLE_ONCE, TOO_MANY_REQUESTS ->
          is50 ? at.post() ? Stock.HANGS : Stock.SENT_AGAIN : super.stock(at);
      case CANCELLED_IN_BACKOFF, INTERRUPTED_IN_BACKOFF -> is50 ? Stock.SENT_AGAIN : Stock.COPES;
      case CLOSED_IN_BACKOFF -> is50 ? Stock.SENT_AGAIN : Stock.HANGS;
      default -> super.stock(at);
    };
  }
}

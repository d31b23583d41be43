package dev.freshwire.it.apache;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Stock;

/** The clients of HttpClient 5 send a request of any method again on 429 and 503. */
abstract class Apache5Contract extends ApacheContract {
  @Override
  protected Stock stock(Combination at) {
    return switch (at.row()) {
      case UNAVAILABLE_ONCE -> at.post() ? Stock.SENT_AGAIN : Stock.COPES;
      case TOO_MANY_REQUESTS -> Stock.SENT_AGAIN;
      // Neither a cancelled request nor a closed client ends the wait for another attempt.
      case CANCELLED_IN_BACKOFF, CLOSED_IN_BACKOFF -> Stock.HANGS;
      default -> super.stock(at);
    };
  }
}

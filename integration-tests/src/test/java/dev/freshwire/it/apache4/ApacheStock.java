package dev.freshwire.it.apache4;

import dev.freshwire.it.contract.Combination;
import dev.freshwire.it.contract.Stock;

/** What the stock client does by itself. */
final class ApacheStock {
  private ApacheStock() {}

  static Stock of(Combination at) {
    return switch (at.row()) {
      case SILENT_DROP, CONNECT_UNANSWERED, NO_RESPONSE, FIRST_ADDRESS_SILENT -> Stock.HANGS;
      case HANDSHAKE_DROPPED, PORT_OPENS_LATE, PORT_OPENS_LATE_ONE_SHOT -> Stock.LOST;
      default -> Stock.BY_CHANCE;
    };
  }
}

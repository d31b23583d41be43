package dev.freshwire.it.faults;

import java.util.List;

/** Chooses what happens to a request that arrived. Called from several threads. */
@FunctionalInterface
public interface Script {
  Fault faultFor(Exchange exchange);

  static Script always(Fault fault) {
    return exchange -> fault;
  }

  /** Per request id: the first arrival gets the first fault, and so on; the last one repeats. */
  static Script inTurn(Fault... faults) {
    List<Fault> turns = List.of(faults);
    return exchange -> turns.get(Math.min(exchange.arrival(), turns.size()) - 1);
  }

  /** The same script, but for requests to this path. */
  default Script onPath(String path, Fault fault) {
    return exchange -> exchange.path().equals(path) ? fault : faultFor(exchange);
  }
}

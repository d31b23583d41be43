package dev.freshwire.it.faults;

/** What the server does with one request. Called on the connection's own thread; must not block. */
@FunctionalInterface
public interface Fault {
  /** The whole request has been read. */
  void serve(Exchange exchange);

  /** Only its head has been read; the body, if it has one, is still to come. */
  default void head(Exchange exchange) {
    exchange.proceedIfExpected();
  }
}

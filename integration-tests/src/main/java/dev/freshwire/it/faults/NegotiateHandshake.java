package dev.freshwire.it.faults;

import java.util.Map;

/** Wants Negotiate in two rounds, three requests on one connection, and processes the last. */
public final class NegotiateHandshake implements Fault {
  private static final String SCHEME = "Negotiate";
  private static final int STEPS = 3;

  @Override
  public void serve(Exchange exchange) {
    int step = exchange.requestNumber();
    String given = exchange.header("Authorization");
    String expected = step == 1 ? null : SCHEME + " round" + (step - 1);
    if (step == STEPS && String.valueOf(expected).equals(given)) {
      Faults.answer().serve(exchange);
    } else if (step < STEPS && (expected == null || expected.equals(given))) {
      String challenge = step == 1 ? SCHEME : SCHEME + " more";
      Faults.reject(401, Map.of("WWW-Authenticate", challenge)).serve(exchange);
    } else {
      Faults.reject(403, Map.of()).serve(exchange);
    }
  }
}

package dev.freshwire.it.contract;

import dev.freshwire.it.faults.Protocol;

/** One cell of the matrix. */
public record Combination(Row row, Protocol protocol, String method, Mode mode) {
  public boolean post() {
    return method.equals("POST");
  }

  @Override
  public String toString() {
    return "row "
        + row.number()
        + ", "
        + row.title()
        + ": "
        + protocol
        + ", "
        + method
        + ", "
        + mode;
  }
}

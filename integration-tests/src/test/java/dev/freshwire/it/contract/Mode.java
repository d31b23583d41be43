package dev.freshwire.it.contract;

import java.util.ArrayList;
import java.util.List;

/** How the agent is told to treat connections. */
public enum Mode {
  NEVER("reuse=never"),
  PREWARM("reuse=never,prewarm=2"),
  /** An idle time so short that a test need not wait for it. */
  VALIDATED("reuse=validated,reuse.max-idle=50ms");

  private final String options;

  Mode(String options) {
    this.options = options;
  }

  /** Those named, in lower case, by the system property {@code freshwire.test.modes}. */
  static List<Mode> tested() {
    List<Mode> modes = new ArrayList<>();
    for (String name : System.getProperty("freshwire.test.modes", "never").split(",", -1)) {
      modes.add(valueOf(name.trim().toUpperCase(java.util.Locale.ROOT)));
    }
    return modes;
  }

  String options() {
    return options;
  }

  @Override
  public String toString() {
    return options;
  }
}

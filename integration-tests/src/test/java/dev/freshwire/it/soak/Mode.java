package dev.freshwire.it.soak;

import java.util.Locale;

/** How the agent is told, by its file, to treat connections. */
enum Mode {
  NEVER("reuse=never"),
  VALIDATED("reuse=validated\nreuse.max-idle=5s"),
  PREWARM("reuse=never\nprewarm=2\nprewarm.max-idle=2s"),
  OBSERVE("mode=observe"),
  /** Gives the classes back; with the next mode they are rewritten again. */
  OFF("mode=off");

  /** Patient: on a machine that others need more, a request may have to wait for the processor. */
  private static final String COMMON =
      """
      hosts=localhost
      retry.max-attempts=10
      retry.budget=off
      retry.backoff=20ms..2s
      read-timeout=30s
      connect-timeout=30s
      """;

  private final String lines;

  Mode(String lines) {
    this.lines = lines;
  }

  /** The properties file that says so. */
  String policy() {
    return COMMON + lines + "\n";
  }

  /** One that says so and cannot be taken. */
  String brokenPolicy() {
    return policy() + "call-timeout=sometimes\n";
  }

  /** Whether the agent does anything. */
  boolean enforces() {
    return this != OBSERVE && this != OFF;
  }

  /** Whether a connection serves one request. */
  boolean fresh() {
    return this == NEVER || this == PREWARM;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

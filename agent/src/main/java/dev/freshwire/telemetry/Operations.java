package dev.freshwire.telemetry;

/** What an operator can ask of the running agent. Answers are text to be shown. */
public interface Operations {
  /** What is counted. */
  Telemetry telemetry();

  /** The agent's version. */
  String version();

  /** The mode in force: {@code enforce}, {@code observe} or {@code off}. */
  String mode();

  /** Every value that was given and its source, on one line. */
  String configuration();

  /** What holds for one origin, one {@code key=value} a line. */
  String effectiveFor(String host, int port);

  /** Reads the configuration's file now; answers what came of it. */
  String reload();

  /**
   * Puts another mode in force until the configuration changes.
   *
   * @throws IllegalArgumentException when there is no such mode
   */
  void setMode(String mode);
}

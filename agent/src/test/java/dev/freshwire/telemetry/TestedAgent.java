package dev.freshwire.telemetry;

/** An agent that answers with what a test gave it. */
class TestedAgent implements Operations {
  final Telemetry telemetry = new Telemetry();
  String mode = "enforce";

  @Override
  public Telemetry telemetry() {
    return telemetry;
  }

  @Override
  public String version() {
    return "1.2.3";
  }

  @Override
  public String mode() {
    return mode;
  }

  @Override
  public String configuration() {
    return "report=\"C:\\x\" (agent arguments)";
  }

  @Override
  public String effectiveFor(String host, int port) {
    return host + " on " + port;
  }

  @Override
  public String reload() {
    return "reloaded";
  }

  @Override
  public void setMode(String newMode) {
    mode = newMode;
  }
}

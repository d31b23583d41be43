package dev.freshwire.wiring;

import dev.freshwire.config.ConfigWatch;
import dev.freshwire.policy.Mode;
import dev.freshwire.telemetry.ExitReport;
import dev.freshwire.telemetry.Management;
import dev.freshwire.telemetry.Operations;
import dev.freshwire.telemetry.Telemetry;
import java.util.Locale;

/** The running agent as an operator reaches it: over JMX, from the command line, in reports. */
final class Control implements Operations {
  private final Agent agent;

  Control(Agent agent) {
    this.agent = agent;
  }

  /** The report on this agent for when the JVM exits. */
  static Thread exitReport(Agent agent, String destination) {
    return new ExitReport(new Control(agent), destination);
  }

  /** The way of this agent into the application's JMX server. */
  static Management management(Agent agent) {
    return new Management(new Control(agent));
  }

  @Override
  public Telemetry telemetry() {
    return agent.enforcement().telemetry();
  }

  @Override
  public String version() {
    return agent.version();
  }

  @Override
  public String mode() {
    return agent.configuration().policy().mode().name().toLowerCase(Locale.ROOT);
  }

  @Override
  public String configuration() {
    return agent.configuration().effective();
  }

  @Override
  public String effectiveFor(String host, int port) {
    return agent.configuration().effectiveFor(host, port);
  }

  @Override
  public String reload() {
    ConfigWatch watch = agent.watch();
    if (watch == null) {
      return "there is no file to read: the option config names none";
    }
    String problem = watch.reload();
    return problem == null ? "reloaded: " + configuration() : "not reloaded: " + problem;
  }

  @Override
  public void setMode(String mode) {
    for (Mode candidate : Mode.values()) {
      if (candidate.name().equals(mode.trim().toUpperCase(Locale.ROOT))) {
        agent.switchTo(candidate);
        agent.enforcement().log().info("mode {} until the configuration changes", mode());
        return;
      }
    }
    throw new IllegalArgumentException("expected enforce, observe or off: " + mode);
  }
}

package dev.freshwire.wiring;

import dev.freshwire.config.ConfigWatch;
import dev.freshwire.config.Configuration;
import org.jspecify.annotations.Nullable;

/** What becomes of a changed file: the next policy, or a line in the log. */
final class Reloading implements ConfigWatch.Listener {
  private final Agent agent;

  private Reloading(Agent agent) {
    this.agent = agent;
  }

  static @Nullable ConfigWatch watch(Configuration configuration, Agent agent) {
    return ConfigWatch.start(configuration, new Reloading(agent));
  }

  @Override
  public @Nullable String reloaded(ConfigWatch by, Configuration configuration) {
    try {
      if (!agent.reloaded(by, configuration)) {
        return "another configuration was given meanwhile, or the agent was detached";
      }
    } catch (RuntimeException | Error e) {
      // The thread that watches the file goes on, and what held so far still does.
      agent.enforcement().telemetry().failed("reload", e);
      return "failed: " + e;
    }
    agent.enforcement().log().info("reloaded: {}", configuration.effective());
    return null;
  }

  @Override
  public void rejected(String line) {
    agent.enforcement().log().warn("not reloaded, what held so far still does: {}", line);
  }
}

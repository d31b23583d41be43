package dev.freshwire.benchmarks;

import java.io.File;
import java.util.List;

/** How a call is made to use connections: what is compared in every call benchmark. */
public enum Variant {
  /** The client as it is: the ceiling. */
  POOLED("pooled", ""),
  /** The best that the client's own API can do to open a connection for each request. */
  FRESH_BY_HAND("fresh-by-hand", ""),
  /** The client as it is, under the agent with its defaults. */
  AGENT_NEVER("agent-never", "reuse=never");

  /** Name of the JMH parameter that carries {@link #label()}. */
  public static final String PARAMETER = "variant";

  /** System property with the path of the agent's jar; by default where the build puts it. */
  public static final String AGENT_PROPERTY = "freshwire.agent";

  private final String label;
  private final String agentOptions;

  Variant(String label, String agentOptions) {
    this.label = label;
    this.agentOptions = agentOptions;
  }

  /** The name shown in results, and the value of the JMH parameter. */
  public String label() {
    return label;
  }

  /** Whether this variant runs under the agent. */
  public boolean hasAgent() {
    return !agentOptions.isEmpty();
  }

  /** The variant of that label; an unknown one is an {@link IllegalArgumentException}. */
  public static Variant of(String label) {
    for (Variant variant : values()) {
      if (variant.label.equals(label)) {
        return variant;
      }
    }
    throw new IllegalArgumentException("No variant " + label + " in " + List.of(values()));
  }

  /**
   * What the JVM of a measurement needs on its command line.
   *
   * @throws IllegalStateException if the variant needs the agent and there is no jar of it
   */
  public List<String> jvmArguments() {
    if (!hasAgent()) {
      return List.of();
    }
    File jar = new File(System.getProperty(AGENT_PROPERTY, "agent/target/freshwire-agent.jar"));
    if (!jar.isFile()) {
      throw new IllegalStateException(
          "No agent at " + jar + ": build it, or say where it is with -D" + AGENT_PROPERTY + "=");
    }
    return List.of("-javaagent:" + jar.getAbsolutePath() + "=" + agentOptions);
  }

  /**
   * Refuses to measure one variant under the name of another: a JVM started without {@link
   * #jvmArguments()} would show the agent as free of cost.
   */
  void requireIn(List<String> jvmArguments) {
    boolean attached =
        jvmArguments.stream().anyMatch(argument -> argument.startsWith("-javaagent:"));
    if (attached != hasAgent()) {
      throw new IllegalStateException(
          label + " needs a JVM " + (hasAgent() ? "with" : "without") + " the agent");
    }
  }
}

package dev.freshwire.benchmarks.calls;

import dev.freshwire.benchmarks.Agents;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a call is made to use connections: what is compared in every call benchmark. */
public enum Variant {
  /** The client as it is: the ceiling. */
  POOLED("pooled", null),
  /** The best that the client's own API can do to open a connection for each request. */
  FRESH_BY_HAND("fresh-by-hand", null),
  /** The client as it is, under the agent with its defaults. */
  AGENT_NEVER("agent-never", "reuse=never"),
  /** Pooling within bounds, after a look at each connection. */
  AGENT_VALIDATED("agent-validated", "reuse=validated"),
  /** A connection for each request, opened ahead of time. */
  AGENT_NEVER_PREWARM("agent-never-prewarm", "prewarm=2"),
  /** The agent attached and counting, deciding nothing. */
  AGENT_OBSERVE("agent-observe", "mode=observe"),
  /** The agent attached, and the origin none of its business. */
  AGENT_OUT_OF_SCOPE("agent-out-of-scope", "hosts=*.elsewhere.example"),
  /** The agent attached and switched off. */
  AGENT_OFF("agent-off", "mode=off"),
  /** OpenTelemetry's agent, exporting nothing: what users accept of an agent. */
  OTEL_AGENT("otel-agent", null);

  /** Name of the JMH parameter that carries {@link #label()}. */
  public static final String PARAMETER = "variant";

  private final String label;
  private final @Nullable String agentOptions;

  Variant(String label, @Nullable String agentOptions) {
    this.label = label;
    this.agentOptions = agentOptions;
  }

  /** The name shown in results, and the value of the JMH parameter. */
  public String label() {
    return label;
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
   * @throws IllegalStateException if the variant needs an agent whose jar is not there
   */
  public List<String> jvmArguments() {
    if (this == OTEL_AGENT) {
      return Agents.openTelemetry();
    }
    return agentOptions == null ? List.of() : List.of(Agents.freshwire() + "=" + agentOptions);
  }

  /**
   * Refuses to measure one variant under the name of another: a JVM started without {@link
   * #jvmArguments()} would show the agent as free of cost.
   */
  void requireIn(List<String> jvmArguments) {
    String wanted =
        this == OTEL_AGENT ? "opentelemetry" : agentOptions == null ? "" : "=" + agentOptions;
    boolean needed = !wanted.isEmpty();
    boolean attached =
        jvmArguments.stream()
            .anyMatch(argument -> argument.startsWith("-javaagent:") && argument.contains(wanted));
    if (attached != needed) {
      throw new IllegalStateException(
          label
              + " needs a JVM "
              + (needed
                  ? "with the agent and " + wanted.replaceFirst("^=", "")
                  : "without an agent"));
    }
  }
}

package dev.freshwire.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Param;

class VariantTest {

  @Test
  void the_agent_is_never_measured_in_a_jvm_without_it() {
    assertThatThrownBy(() -> Variant.AGENT_NEVER.requireIn(List.of("-Xmx1g")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("agent-never needs a JVM with the agent");
    Variant.AGENT_NEVER.requireIn(List.of("-javaagent:freshwire-agent.jar=reuse=never"));
  }

  @Test
  void a_baseline_is_never_measured_in_a_jvm_with_an_agent() {
    assertThatThrownBy(() -> Variant.POOLED.requireIn(List.of("-javaagent:other.jar")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pooled needs a JVM without the agent");
    Variant.POOLED.requireIn(List.of());
  }

  @Test
  void the_benchmark_offers_every_variant() throws NoSuchFieldException {
    Param param =
        OkHttpCallBenchmark.Call.class.getField(Variant.PARAMETER).getAnnotation(Param.class);
    assertThat(param.value())
        .containsExactly(
            Arrays.stream(Variant.values()).map(Variant::label).toArray(String[]::new));
  }
}

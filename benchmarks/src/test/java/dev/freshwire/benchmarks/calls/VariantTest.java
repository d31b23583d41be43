package dev.freshwire.benchmarks.calls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshwire.benchmarks.clients.Library;
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
  void the_agent_is_never_measured_with_other_options() {
    assertThatThrownBy(
            () ->
                Variant.AGENT_OFF.requireIn(List.of("-javaagent:freshwire-agent.jar=reuse=never")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("mode=off");
  }

  @Test
  void a_baseline_is_never_measured_in_a_jvm_with_an_agent() {
    assertThatThrownBy(() -> Variant.POOLED.requireIn(List.of("-javaagent:other.jar")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pooled needs a JVM without an agent");
    Variant.POOLED.requireIn(List.of());
  }

  @Test
  void the_benchmark_offers_only_variants_and_clients_that_there_are() throws Exception {
    assertThat(parameter("variant")).allSatisfy(Variant::of);
    assertThat(parameter("client")).allSatisfy(Library::of);
  }

  private static List<String> parameter(String name) throws NoSuchFieldException {
    return Arrays.asList(
        CallBenchmark.Trial.class.getField(name).getAnnotation(Param.class).value());
  }
}

package dev.freshwire.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.config.ConfigWatch;
import dev.freshwire.config.Option;
import java.io.IOException;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that was read for a configuration which does not hold any more, or for no agent. */
class AgentTest {
  @TempDir private Path directory;

  private static final List<String> asked = new ArrayList<>();

  /** One for all: the agent is one, and keeps what it was given first. */
  private static final Instrumentation instrumentation =
      (Instrumentation)
          Proxy.newProxyInstance(
              AgentTest.class.getClassLoader(),
              new Class<?>[] {Instrumentation.class},
              (proxy, method, arguments) -> answer(method.getName()));

  private static @Nullable Object answer(String method) {
    asked.add(method);
    return switch (method) {
      case "getAllLoadedClasses" -> new Class<?>[0];
      case "removeTransformer" -> true;
      default -> null;
    };
  }

  @BeforeEach
  void begin() throws IOException {
    asked.clear();
    configure("first", "connect-timeout=1s");
  }

  @AfterEach
  void end() {
    Agent agent = Agent.attached();
    if (agent != null) {
      agent.detach();
    }
  }

  private void configure(String name, String content) throws IOException {
    Path file = Files.writeString(directory.resolve(name), content);
    String options = "log=off,config.interval=1h,config=" + file;
    assertThat(Agent.configure(options, instrumentation)).isNull();
  }

  private static Agent agent() {
    return Objects.requireNonNull(Agent.attached());
  }

  @Test
  void a_file_that_is_read_while_the_agent_is_detached_attaches_nothing() {
    Agent agent = agent();
    ConfigWatch late = Objects.requireNonNull(agent.watch());
    assertThat(late.reload()).as("while it is attached").isNull();
    agent.detach();
    asked.clear();

    assertThat(late.reload()).contains("detached");

    assertThat(Enforcer.inCharge()).isNull();
    assertThat(asked).as("no class is looked at").isEmpty();
  }

  @Test
  void after_that_the_next_attach_looks_at_what_is_loaded() throws IOException {
    Agent agent = agent();
    ConfigWatch late = Objects.requireNonNull(agent.watch());
    agent.detach();
    assertThat(late.reload()).isNotNull();
    asked.clear();
    configure("second", "connect-timeout=2s");
    assertThat(asked).contains("addTransformer", "getAllLoadedClasses");
  }

  @Test
  void a_file_of_another_configuration_changes_nothing() throws IOException {
    ConfigWatch late = Objects.requireNonNull(agent().watch());
    configure("second", "connect-timeout=2s");
    assertThat(late.reload()).contains("another configuration");
    assertThat(agent().configuration().value(Option.CONNECT_TIMEOUT)).isEqualTo("2s");
    assertThat(Objects.requireNonNull(agent().watch()).reload()).isNull();
  }
}

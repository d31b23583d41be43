package dev.freshwire.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freshwire.policy.RetryVerdict;
import java.util.List;
import java.util.Map;
import javax.management.AttributeNotFoundException;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.MBeanServerFactory;
import javax.management.ObjectName;
import javax.management.ReflectionException;
import javax.management.openmbean.CompositeData;
import javax.management.openmbean.OpenMBeanAttributeInfo;
import javax.management.openmbean.TabularData;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FreshwireBeanTest {
  private final TestedAgent agent = new TestedAgent();
  private final MBeanServer server = MBeanServerFactory.newMBeanServer();
  private ObjectName name = ObjectName.WILDCARD;

  @BeforeEach
  void register() throws Exception {
    name = new ObjectName("dev.freshwire:type=Freshwire");
    server.registerMBean(new FreshwireBean(agent), name);
  }

  @Test
  void every_attribute_has_a_value_of_its_open_type() throws Exception {
    agent.telemetry.of("a.example", 443).add(Counter.REQUESTS);
    agent.telemetry.libraries().enforced("okhttp", "5", null, Map.of("reuse", 0), List.of());
    assertThat(server.getMBeanInfo(name).getAttributes()).hasSize(7);
    for (MBeanAttributeInfo attribute : server.getMBeanInfo(name).getAttributes()) {
      Object value = server.getAttribute(name, attribute.getName());
      assertThat(((OpenMBeanAttributeInfo) attribute).isValue(value))
          .as(attribute.getName())
          .isTrue();
    }
  }

  @Test
  void an_origin_has_every_counter_and_every_verdict() throws Exception {
    agent.telemetry.of("a.example", 443).add(Counter.REQUESTS);
    agent.telemetry.of("a.example", 443).add(RetryVerdict.REFUSE_BUDGET);
    TabularData origins = (TabularData) server.getAttribute(name, "Origins");
    CompositeData row = origins.get(new Object[] {"a.example:443"});
    assertThat(row.values()).hasSize(1 + Counter.values().length + RetryVerdict.values().length);
    assertThat(row.get("REQUESTS")).isEqualTo(1L);
    assertThat(row.get("REFUSE_BUDGET")).isEqualTo(1L);
  }

  @Test
  void operations_reach_the_agent() throws Exception {
    agent.telemetry.of("a.example", 443).add(Counter.REQUESTS);
    assertThat(invoke("reload")).isEqualTo("reloaded");
    assertThat(invoke("reset")).isEqualTo("counting from zero");
    assertThat((TabularData) server.getAttribute(name, "Origins"))
        .returns(true, TabularData::isEmpty);
    assertThat(invoke("setMode", "observe")).isEqualTo("mode observe");
    assertThat(server.getAttribute(name, "Mode")).isEqualTo("observe");
    assertThat(invoke("effectiveFor", "a.example", 443)).isEqualTo("a.example on 443");
  }

  @Test
  void what_is_not_there_is_refused() {
    assertThatThrownBy(() -> server.getAttribute(name, "Secrets"))
        .isInstanceOf(AttributeNotFoundException.class);
    assertThatThrownBy(() -> invoke("halt")).isInstanceOf(ReflectionException.class);
  }

  private Object invoke(String operation, Object... arguments) throws Exception {
    String[] types = new String[arguments.length];
    for (int i = 0; i < types.length; i++) {
      types[i] = arguments[i].getClass().getName();
    }
    return server.invoke(name, operation, arguments, types);
  }
}

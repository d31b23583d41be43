package dev.freshwire.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.ReuseMode;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.Recorder;
import dev.freshwire.telemetry.Telemetry;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Which pooled connections may serve again. What the kernel says of them only the packaged agent
 * can ask: here every socket is of a kind that cannot be looked at.
 */
class ReuseTest {
  private static final String HOST = "a.example";
  private static final Object SOCKET = "no socket";

  private final Telemetry telemetry = new Telemetry();
  private final Object connection = new Object();

  private PolicyEnforcer enforcer(Settings.Builder settings) {
    Policy policy = Policy.builder().everywhere(settings.build()).build();
    // A system that tells nothing of its ports: where one is refused, that is believed.
    LocalPorts ports = new LocalPorts("/nowhere");
    return new PolicyEnforcer(policy, telemetry, Recorder.events(), ports);
  }

  private long counted(Counter counter) {
    return telemetry.of(HOST, 443).get(counter);
  }

  private static Call call(PolicyEnforcer enforcer) {
    return Objects.requireNonNull(
        enforcer.begin("POST", HOST, 443, "https://a.example/", false, false));
  }

  @Test
  void a_connection_serves_its_first_request_unasked_and_is_then_counted_as_reused() {
    PolicyEnforcer enforcer = enforcer(Settings.builder().reuse(ReuseMode.VALIDATED));
    assertThat(enforcer.reuse(HOST, 443)).isEqualTo(Enforcer.CHECKED);
    assertThat(enforcer.knows(connection)).isFalse();
    enforcer.connectionOpened(HOST, 443, connection);
    assertThat(enforcer.knows(connection)).isTrue();
    assertThat(enforcer.fit(HOST, 443, connection, SOCKET, false)).isTrue();
    assertThat(enforcer.carries(HOST, 443, connection)).isFalse();
    assertThat(enforcer.carries(HOST, 443, connection)).isTrue();
    assertThat(counted(Counter.CONNECTIONS_OPENED)).isEqualTo(1);
    assertThat(counted(Counter.CONNECTIONS_REUSED)).isEqualTo(1);
    assertThat(counted(Counter.REUSES_REFUSED)).isZero();
  }

  @Test
  void what_lay_idle_before_its_first_request_is_looked_at_like_any_other() {
    PolicyEnforcer enforcer = enforcer(Settings.builder().reuse(ReuseMode.VALIDATED));
    enforcer.connectionOpened(HOST, 443, connection);
    enforcer.connectionIdle(connection);
    assertThat(enforcer.fit(HOST, 443, connection, SOCKET, false)).isFalse();
  }

  @Test
  void what_cannot_be_looked_at_is_not_reused() {
    PolicyEnforcer enforcer = enforcer(Settings.builder().reuse(ReuseMode.VALIDATED));
    enforcer.connectionOpened(HOST, 443, connection);
    enforcer.carries(HOST, 443, connection);
    assertThat(enforcer.fit(HOST, 443, connection, SOCKET, false)).isFalse();
    assertThat(counted(Counter.STALE_AVOIDED)).isZero();
    assertThat(counted(Counter.REUSES_EXPIRED)).isZero();
  }

  @Test
  void what_was_there_before_the_agent_or_is_beyond_its_bounds_is_not_reused() {
    PolicyEnforcer enforcer =
        enforcer(Settings.builder().reuse(ReuseMode.VALIDATED).maxRequests(1));
    assertThat(enforcer.fit(HOST, 443, connection, SOCKET, false)).isFalse();
    enforcer.connectionOpened(HOST, 443, connection);
    enforcer.carries(HOST, 443, connection);
    assertThat(enforcer.fit(HOST, 443, connection, SOCKET, false)).isFalse();
    assertThat(counted(Counter.REUSES_EXPIRED)).isEqualTo(2);
  }

  @Test
  void what_is_used_once_is_forgotten_when_it_was_used() {
    PolicyEnforcer enforcer = enforcer(Settings.builder());
    enforcer.connectionOpened(HOST, 443, connection);
    // A spare connection is idle before its request.
    enforcer.connectionIdle(connection);
    assertThat(enforcer.knows(connection)).isTrue();
    assertThat(enforcer.carries(HOST, 443, connection)).isFalse();
    enforcer.connectionIdle(connection);
    assertThat(enforcer.knows(connection)).isFalse();
    // Should it carry another request all the same, it is not taken for a new one.
    assertThat(enforcer.carries(HOST, 443, connection)).isTrue();
  }

  @Test
  void when_ports_are_scarce_what_was_opened_before_is_not_forgotten() {
    PolicyEnforcer enforcer = enforcer(Settings.builder());
    enforcer.connectionOpened(HOST, 443, connection);
    enforcer.carries(HOST, 443, connection);
    enforcer.portsExhausted(HOST, 443, Settings.defaults());
    enforcer.connectionIdle(connection);
    assertThat(enforcer.knows(connection)).isTrue();
  }

  @Test
  void a_failure_is_tried_again_on_a_new_connection() {
    Call call = call(enforcer(Settings.builder().reuse(ReuseMode.VALIDATED)));
    call.attempting();
    assertThat(call.mayReuse()).isTrue();
    assertThat(call.afterFailure(new IOException(), false, true, true)).isZero();
    call.attempting();
    assertThat(call.mayReuse()).isFalse();
  }

  @Test
  void no_port_is_no_attempt_and_trips_the_guard() {
    PolicyEnforcer enforcer = enforcer(Settings.builder());
    Call call = call(enforcer);
    IOException failure = new ConnectException("Failed to connect");
    failure.initCause(new NoRouteToHostException("Cannot assign requested address"));
    assertThat(enforcer.reuse(HOST, 443)).isEqualTo(Enforcer.FRESH);
    for (int i = 0; i < 10; i++) {
      call.attempting();
      assertThat(call.mayReuse()).isTrue();
      assertThat(call.afterFailure(failure, false, true, false)).isPositive();
    }
    assertThat(enforcer.reuse(HOST, 443)).isEqualTo(Enforcer.CHECKED);
    call.attempting();
    call.afterFailure(new IOException(), false, true, false);
    call.attempting();
    assertThat(call.mayReuse()).isFalse();
  }

  @Test
  void without_the_guard_no_port_is_a_failure_as_any_other() {
    Call call = call(enforcer(Settings.builder().portGuardPercent(0).maxAttempts(1)));
    call.attempting();
    IOException failure = new NoRouteToHostException("Cannot assign requested address");
    assertThat(call.afterFailure(failure, false, true, false)).isEqualTo(Enforcer.NO_RETRY);
  }

  @Test
  void spares_are_for_what_is_never_reused() {
    assertThat(enforcer(Settings.builder().prewarm(3)).prewarms(HOST, 443)).isTrue();
    assertThat(enforcer(Settings.builder().prewarm(0)).prewarms(HOST, 443)).isFalse();
    Settings.Builder validated = Settings.builder().prewarm(3).reuse(ReuseMode.VALIDATED);
    assertThat(enforcer(validated).prewarms(HOST, 443)).isFalse();
    PolicyEnforcer enforcer = enforcer(Settings.builder().prewarm(3));
    enforcer.spareGone(HOST, 443, true);
    enforcer.spareGone(HOST, 443, false);
    assertThat(counted(Counter.PREWARMED_USED)).isEqualTo(1);
    assertThat(counted(Counter.PREWARMED_WASTED)).isEqualTo(1);
  }
}

package dev.freshwire.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.policy.Policy;
import dev.freshwire.telemetry.Telemetry;
import java.net.ConnectException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is under way while hooks are put into classes, or taken out of them. */
class RunningTest {
  private final Running running = new Running(Policy.defaults(), new Telemetry());

  @AfterEach
  void end() {
    running.stop();
  }

  private static Call post() {
    Call call =
        Objects.requireNonNull(
            Objects.requireNonNull(Enforcer.inCharge())
                .begin("POST", "a.example", 443, "https://a.example/", false, false));
    call.attempting();
    return call;
  }

  private static boolean isTriedAgain(Call call) {
    return call.afterFailure(new ConnectException("refused"), false, true, false)
        != Enforcer.NO_RETRY;
  }

  @Test
  void a_request_under_way_counts_as_sent_and_one_that_begins_later_does_not() {
    Call before = post();
    running.policy(Policy.defaults());
    Call reloaded = post();
    assertThat(isTriedAgain(post())).as("nothing of it was sent").isTrue();

    running.hold(true);
    assertThat(Enforcer.inCharge()).isNull();
    assertThat(isTriedAgain(before)).as("nobody may have said that it was sent").isFalse();
    assertThat(isTriedAgain(reloaded)).isFalse();

    running.hold(false);
    assertThat(isTriedAgain(post())).isTrue();
    assertThat(isTriedAgain(before)).isFalse();
  }
}

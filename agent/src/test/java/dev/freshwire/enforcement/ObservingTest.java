package dev.freshwire.enforcement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.policy.Mode;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.RetryVerdict;
import dev.freshwire.policy.ReuseMode;
import dev.freshwire.policy.Settings;
import dev.freshwire.telemetry.Counter;
import dev.freshwire.telemetry.Events;
import dev.freshwire.telemetry.OriginCounters;
import dev.freshwire.telemetry.Telemetry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Observing counts what enforcing would have done, and changes nothing. */
class ObservingTest {
  private static final String HOST = "a.example";

  private final Telemetry telemetry = new Telemetry();
  private final List<String> recorded = new ArrayList<>();

  private PolicyEnforcer enforcer(Mode mode) {
    Settings settings = Settings.builder().mode(mode).readTimeoutMillis(3_000).build();
    Policy policy = Policy.builder().everywhere(settings).build();
    return new PolicyEnforcer(policy, telemetry, new Recorded());
  }

  private OriginCounters counters() {
    return telemetry.of(HOST, 443);
  }

  private Call call(PolicyEnforcer enforcer, String method) {
    Call call =
        Objects.requireNonNull(
            enforcer.begin(method, HOST, 443, "https://a.example/x?k=v", false, false));
    call.attempting();
    return call;
  }

  @Test
  void a_connection_may_be_reused_and_it_is_counted_that_it_should_not() {
    PolicyEnforcer observing = enforcer(Mode.OBSERVE);
    assertThat(observing.reuse(HOST, 443)).isEqualTo(Enforcer.FREELY);
    observing.connectionReused(HOST, 443);
    assertThat(counters().get(Counter.CONNECTIONS_REUSED)).isEqualTo(1);
    assertThat(counters().get(Counter.REUSES_REFUSED)).isEqualTo(1);
    assertThat(enforcer(Mode.ENFORCE).reuse(HOST, 443)).isEqualTo(Enforcer.FRESH);
  }

  @Test
  void timeouts_stay_and_are_counted() {
    PolicyEnforcer observing = enforcer(Mode.OBSERVE);
    assertThat(observing.cappedConnectTimeout(HOST, 443, 0)).isZero();
    assertThat(observing.defaultReadTimeout(HOST, 443, 10_000)).isEqualTo(10_000);
    assertThat(call(observing, "GET").connectTimeout(60_000)).isEqualTo(60_000);
    assertThat(counters().get(Counter.CONNECT_TIMEOUTS_CAPPED)).isEqualTo(2);
    assertThat(counters().get(Counter.READ_TIMEOUTS_APPLIED)).isEqualTo(1);
    assertThat(recorded)
        .containsExactly(
            "connect 0 10000 false", "read 10000 3000 false", "connect 60000 10000 false");
  }

  @Test
  void nothing_is_tried_again_and_the_verdict_is_counted() {
    Call observed = call(enforcer(Mode.OBSERVE), "GET");
    assertThat(observed.afterFailure(new IOException(), false, true, false))
        .isEqualTo(Enforcer.NO_RETRY);
    assertThat(observed.afterResponse(503, null, true)).isEqualTo(Enforcer.NO_RETRY);
    assertThat(counters().get(RetryVerdict.RETRY_NOT_SENT)).isEqualTo(1);
    assertThat(counters().get(RetryVerdict.RETRY_STATUS)).isEqualTo(1);

    Call enforced = call(enforcer(Mode.ENFORCE), "GET");
    assertThat(enforced.afterFailure(new IOException(), false, true, false)).isPositive();
    assertThat(counters().get(RetryVerdict.RETRY_NOT_SENT)).isEqualTo(2);
    assertThat(recorded)
        .containsExactly(
            "GET 1 RETRY_NOT_SENT false", "GET 1 RETRY_STATUS false", "GET 1 RETRY_NOT_SENT true");
  }

  @Test
  void the_clients_own_replay_goes_on_and_is_counted() {
    assertThat(call(enforcer(Mode.OBSERVE), "POST").suppressReplay()).isFalse();
    assertThat(call(enforcer(Mode.ENFORCE), "POST").suppressReplay()).isTrue();
    assertThat(counters().get(Counter.REPLAYS_SUPPRESSED)).isEqualTo(2);
  }

  @Test
  void off_asks_and_counts_nothing() {
    PolicyEnforcer off = enforcer(Mode.OFF);
    off.connectionOpened(HOST, 443, null);
    off.connectionReused(HOST, 443);
    assertThat(off.begin("GET", HOST, 443, "https://a.example/", false, false)).isNull();
    assertThat(off.reuse(HOST, 443)).isEqualTo(Enforcer.FREELY);
    telemetry.forEachOrigin((origin, counted) -> assertThat(origin).isNull());
  }

  @Test
  void what_began_under_one_policy_never_sees_another() {
    PolicyEnforcer enforcer = enforcer(Mode.ENFORCE);
    Call call = call(enforcer, "GET");
    Settings other =
        Settings.builder().maxAttempts(1).reuse(ReuseMode.UNCHANGED).readTimeoutMillis(0).build();
    PolicyEnforcer next = enforcer.with(Policy.builder().everywhere(other).build());

    assertThat(call.afterFailure(new IOException(), false, true, false)).isPositive();
    assertThat(enforcer.reuse(HOST, 443)).isEqualTo(Enforcer.FRESH);
    assertThat(enforcer.defaultReadTimeout(HOST, 443, 10_000)).isEqualTo(3_000);

    assertThat(call(next, "GET").afterFailure(new IOException(), false, true, false))
        .isEqualTo(Enforcer.NO_RETRY);
    assertThat(next.reuse(HOST, 443)).isEqualTo(Enforcer.FREELY);
    assertThat(next.defaultReadTimeout(HOST, 443, 10_000)).isEqualTo(10_000);
  }

  private final class Recorded implements Events {
    @Override
    public void connectionOpened(String host, int port) {
      recorded.add("opened");
    }

    @Override
    public void retryDecided(
        String host,
        int port,
        String method,
        int attempt,
        RetryVerdict verdict,
        long delayMillis,
        boolean acted) {
      recorded.add(method + ' ' + attempt + ' ' + verdict + ' ' + acted);
    }

    @Override
    public void timeoutApplied(
        String host, int port, String kind, long before, long millis, boolean acted) {
      recorded.add(kind + ' ' + before + ' ' + millis + ' ' + acted);
    }
  }
}

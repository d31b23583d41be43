package dev.freshwire.wiring;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.enforcement.GuardedEnforcer;
import dev.freshwire.enforcement.PolicyEnforcer;
import dev.freshwire.policy.Policy;
import dev.freshwire.telemetry.Recorder;
import dev.freshwire.telemetry.Telemetry;

/**
 * What answers behind the bridge. A class of its own, because nothing that is loaded at the start
 * may name the bridge: it is not there before the first client.
 */
final class Running {
  private PolicyEnforcer enforcer;
  private final Telemetry telemetry;
  private boolean held;
  private boolean stopped;

  Running(Policy policy, Telemetry telemetry) {
    this.telemetry = telemetry;
    enforcer = new PolicyEnforcer(policy, telemetry, Recorder.events());
    Enforcer.install(new GuardedEnforcer(enforcer));
  }

  /** Puts another policy in force, also after {@link #stop}. */
  void policy(Policy policy) {
    enforcer = enforcer.with(policy);
    stopped = false;
    install();
  }

  /** Nobody answers while hooks are being put into classes that are in use. */
  void hold(boolean settling) {
    if (settling != held) {
      held = settling;
      if (settling) {
        enforcer = enforcer.abandon();
      }
      install();
    }
  }

  private void install() {
    Enforcer.install(held || stopped ? null : new GuardedEnforcer(enforcer));
  }

  /** Hooks are missing: what they would have said is not relied on. */
  void distrust() {
    enforcer.distrust();
  }

  int numberHooks(int count) {
    int first = telemetry.libraries().numberHooks(count);
    Enforcer.countHitsIn(telemetry.libraries().hits());
    return first;
  }

  /** Nobody answers what rewritten code asks from now on. */
  void stop() {
    stopped = true;
    install();
  }
}

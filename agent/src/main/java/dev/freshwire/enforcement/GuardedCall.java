package dev.freshwire.enforcement;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import java.io.InterruptedIOException;
import org.jspecify.annotations.Nullable;

/** See {@link GuardedEnforcer}: what fails is answered as if the agent were not there. */
final class GuardedCall extends Call {
  private final GuardedEnforcer enforcer;
  private final Call call;

  /** Of a request that only reads: once, in place of the client's own retry. */
  private boolean mayRepeat;

  GuardedCall(GuardedEnforcer enforcer, Call call, String method) {
    this.enforcer = enforcer;
    this.call = call;
    this.mayRepeat = method.equals("GET") || method.equals("HEAD") || method.equals("OPTIONS");
  }

  @Override
  public boolean enforced() {
    try {
      return call.enforced();
    } catch (Throwable e) {
      enforcer.failed("enforced", e);
      return false;
    }
  }

  @Override
  public int attempt() {
    try {
      return call.attempt();
    } catch (Throwable e) {
      enforcer.failed("attempt", e);
      return 0;
    }
  }

  @Override
  public boolean mayReuse() {
    try {
      return call.mayReuse();
    } catch (Throwable e) {
      enforcer.failed("mayReuse", e);
      return true;
    }
  }

  @Override
  public int callTimeout(int millis) {
    try {
      return call.callTimeout(millis);
    } catch (Throwable e) {
      enforcer.failed("callTimeout", e);
      return millis;
    }
  }

  @Override
  public void attempting() {
    try {
      call.attempting();
    } catch (Throwable e) {
      enforcer.failed("attempting", e);
    }
  }

  @Override
  public void sending() {
    try {
      call.sending();
    } catch (Throwable e) {
      enforcer.failed("sending", e);
    }
  }

  @Override
  public boolean sent() {
    try {
      return call.sent();
    } catch (Throwable e) {
      enforcer.failed("sent", e);
      return true;
    }
  }

  @Override
  public int connectTimeout(int millis) {
    try {
      return call.connectTimeout(millis);
    } catch (Throwable e) {
      enforcer.failed("connectTimeout", e);
      return millis;
    }
  }

  @Override
  public long afterFailure(
      Throwable failure, boolean unprocessed, boolean repeatable, boolean pooled) {
    try {
      return call.afterFailure(failure, unprocessed, repeatable, pooled);
    } catch (Throwable e) {
      enforcer.failed("afterFailure", e);
      // The client has left its own retry to this answer by now. Timeouts it would not retry.
      boolean repeats = mayRepeat && repeatable && !(failure instanceof InterruptedIOException);
      mayRepeat = false;
      return repeats ? 0 : Enforcer.NO_RETRY;
    }
  }

  @Override
  public long afterResponse(int status, @Nullable String retryAfter, boolean repeatable) {
    try {
      return call.afterResponse(status, retryAfter, repeatable);
    } catch (Throwable e) {
      enforcer.failed("afterResponse", e);
      return Enforcer.NO_RETRY;
    }
  }

  @Override
  public boolean suppressReplay() {
    try {
      return call.suppressReplay();
    } catch (Throwable e) {
      enforcer.failed("suppressReplay", e);
      return false;
    }
  }
}

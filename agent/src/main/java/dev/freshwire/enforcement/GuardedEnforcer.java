package dev.freshwire.enforcement;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import org.jspecify.annotations.Nullable;

/**
 * What the bridge promises: no question throws. Hooks that pass on what the client throws cannot
 * tell it from what an answer of ours throws, so that is caught here, reported, and answered as if
 * the agent were not there. Thread-safe.
 */
public final class GuardedEnforcer extends Enforcer {
  private final PolicyEnforcer enforcer;

  public GuardedEnforcer(PolicyEnforcer enforcer) {
    this.enforcer = enforcer;
  }

  @Override
  protected boolean reusable(String host, int port) {
    try {
      return enforcer.reusable(host, port);
    } catch (Throwable e) {
      failed("reusable", e);
      return true;
    }
  }

  @Override
  protected boolean persistable(String host, int port) {
    try {
      return enforcer.persistable(host, port);
    } catch (Throwable e) {
      failed("persistable", e);
      return true;
    }
  }

  @Override
  protected boolean inScope(String host, int port) {
    try {
      return enforcer.inScope(host, port);
    } catch (Throwable e) {
      failed("inScope", e);
      return false;
    }
  }

  @Override
  protected int cappedConnectTimeout(String host, int port, int millis) {
    try {
      return enforcer.cappedConnectTimeout(host, port, millis);
    } catch (Throwable e) {
      failed("cappedConnectTimeout", e);
      return millis;
    }
  }

  @Override
  protected int defaultReadTimeout(String host, int port, int millis) {
    try {
      return enforcer.defaultReadTimeout(host, port, millis);
    } catch (Throwable e) {
      failed("defaultReadTimeout", e);
      return millis;
    }
  }

  @Override
  protected @Nullable Call begin(
      String method,
      String host,
      int port,
      String url,
      boolean callerRetries,
      boolean idempotencyKey) {
    try {
      Call call = enforcer.begin(method, host, port, url, callerRetries, idempotencyKey);
      return call == null ? null : new GuardedCall(this, call, method);
    } catch (Throwable e) {
      failed("begin", e);
      return null;
    }
  }

  @Override
  protected void connectionOpened(String host, int port) {
    try {
      enforcer.connectionOpened(host, port);
    } catch (Throwable e) {
      failed("connectionOpened", e);
    }
  }

  @Override
  protected void connectionReused(String host, int port) {
    try {
      enforcer.connectionReused(host, port);
    } catch (Throwable e) {
      failed("connectionReused", e);
    }
  }

  @Override
  protected void failed(String hook, Throwable failure) {
    try {
      enforcer.failed(hook, failure);
    } catch (Throwable unreportable) {
      // There is nobody left to tell; the application goes on.
    }
  }
}

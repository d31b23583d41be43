package dev.freshwire.enforcement;

import dev.freshwire.bridge.Call;
import dev.freshwire.bridge.Enforcer;
import dev.freshwire.bridge.SpareSource;
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
  public int reuse(String host, int port) {
    try {
      return enforcer.reuse(host, port);
    } catch (Throwable e) {
      failed("reuse", e);
      return FREELY;
    }
  }

  @Override
  public boolean knows(Object connection) {
    try {
      return enforcer.knows(connection);
    } catch (Throwable e) {
      failed("knows", e);
      return false;
    }
  }

  @Override
  public boolean fit(String host, int port, Object connection, Object transport, boolean shared) {
    try {
      return enforcer.fit(host, port, connection, transport, shared);
    } catch (Throwable e) {
      failed("fit", e);
      return true;
    }
  }

  @Override
  public boolean carries(String host, int port, Object connection) {
    try {
      return enforcer.carries(host, port, connection);
    } catch (Throwable e) {
      failed("carries", e);
      return false;
    }
  }

  @Override
  public boolean prewarms(String host, int port) {
    try {
      return enforcer.prewarms(host, port);
    } catch (Throwable e) {
      failed("prewarms", e);
      return false;
    }
  }

  @Override
  public @Nullable Object spare(String host, int port, SpareSource source) {
    try {
      return enforcer.spare(host, port, source);
    } catch (Throwable e) {
      failed("spare", e);
      return null;
    }
  }

  @Override
  public void spareGone(String host, int port, boolean used) {
    try {
      enforcer.spareGone(host, port, used);
    } catch (Throwable e) {
      failed("spareGone", e);
    }
  }

  @Override
  public void makesNoSpares(String client, String missing) {
    try {
      enforcer.makesNoSpares(client, missing);
    } catch (Throwable e) {
      failed("makesNoSpares", e);
    }
  }

  @Override
  protected void connectionIdle(Object connection) {
    try {
      enforcer.connectionIdle(connection);
    } catch (Throwable e) {
      failed("connectionIdle", e);
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
  public boolean inScope(String host, int port) {
    try {
      return enforcer.inScope(host, port);
    } catch (Throwable e) {
      failed("inScope", e);
      return false;
    }
  }

  @Override
  public int cappedConnectTimeout(String host, int port, int millis) {
    try {
      return enforcer.cappedConnectTimeout(host, port, millis);
    } catch (Throwable e) {
      failed("cappedConnectTimeout", e);
      return millis;
    }
  }

  @Override
  public int defaultReadTimeout(String host, int port, int millis) {
    try {
      return enforcer.defaultReadTimeout(host, port, millis);
    } catch (Throwable e) {
      failed("defaultReadTimeout", e);
      return millis;
    }
  }

  @Override
  public @Nullable Call begin(
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
  public void connectionOpened(String host, int port, @Nullable Object connection) {
    try {
      enforcer.connectionOpened(host, port, connection);
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

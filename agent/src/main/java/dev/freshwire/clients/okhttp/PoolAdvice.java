package dev.freshwire.clients.okhttp;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.util.List;
import net.bytebuddy.asm.Advice;
import okhttp3.Address;
import org.jspecify.annotations.Nullable;

/** The pool learns that the last request on a connection is done. */
@Rewrites({"okhttp3.internal.connection.RealConnectionPool", "okhttp3.ConnectionPool"})
public final class PoolAdvice {
  private PoolAdvice() {}

  @Hook(
      purpose = "idle",
      method = "connectionBecameIdle",
      taking = "okhttp3.internal.connection.RealConnection")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void idle(@Advice.Argument(0) Object connection) {
    Enforcer.idle(connection);
  }

  @Hook(
      purpose = "prewarm",
      optional = true,
      method = {"callAcquirePooledConnection", "callAcquirePooledConnection$okhttp"},
      taking = "okhttp3.Address")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void look(
      @Advice.This Object pool, @OfType Address address, @OfType @Nullable List<?> routes) {
    Attempts.look(pool, address, routes);
  }
}

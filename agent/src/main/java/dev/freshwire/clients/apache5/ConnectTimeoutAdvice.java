package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

/**
 * What connecting may take, TCP to each address and TLS. The timeout stands at another place in
 * every other version; an overload that calls another one asks twice and gets the same answer.
 */
@Rewrites({
  "org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator",
  "org.apache.hc.client5.http.impl.nio.DefaultAsyncClientConnectionOperator"
})
public final class ConnectTimeoutAdvice {
  private ConnectTimeoutAdvice() {}

  /** 5.0 and 5.1. */
  @Hook(purpose = "connect-timeout", method = "connect")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(3))
  public static @Nullable TimeValue value(
      @Advice.Argument(3) @Nullable TimeValue timeout, @OfType HttpHost host) {
    long millis = timeout == null ? 0 : timeout.toMilliseconds();
    long capped = capped(millis, host);
    return capped == millis ? timeout : TimeValue.ofMilliseconds(capped);
  }

  /** 5.0 and 5.1, asynchronous. */
  @Hook(purpose = "connect-timeout", method = "connect")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(3))
  public static @Nullable Timeout fourth(
      @Advice.Argument(3) @Nullable Timeout timeout, @OfType HttpHost host) {
    return capped(timeout, host);
  }

  /** 5.2 on. */
  @Hook(purpose = "connect-timeout", method = "connect")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(4))
  public static @Nullable Timeout fifth(
      @Advice.Argument(4) @Nullable Timeout timeout, @OfType HttpHost host) {
    return capped(timeout, host);
  }

  /** 5.6 on, where Unix domain sockets came in. */
  @Hook(purpose = "connect-timeout", method = "connect")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(5))
  public static @Nullable Timeout sixth(
      @Advice.Argument(5) @Nullable Timeout timeout, @OfType HttpHost host) {
    return capped(timeout, host);
  }

  private static @Nullable Timeout capped(@Nullable Timeout timeout, HttpHost host) {
    long millis = timeout == null ? 0 : timeout.toMilliseconds();
    long capped = capped(millis, host);
    return capped == millis ? timeout : Timeout.ofMilliseconds(capped);
  }

  private static long capped(long millis, HttpHost host) {
    int bound = (int) Math.min(Integer.MAX_VALUE, Math.max(0, millis));
    return Attempts.connectTimeout(bound, host);
  }
}

package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.net.Socket;
import net.bytebuddy.asm.Advice;
import okhttp3.Address;
import okhttp3.Connection;
import okhttp3.Route;

/**
 * Connections of origins in scope serve one exchange, and take no longer to connect than agreed.
 */
@Rewrites("okhttp3.internal.connection.RealConnection")
public final class RealConnectionAdvice {
  private RealConnectionAdvice() {}

  /**
   * The one gate before the pool's connections, HTTP/2 coalescing, and the search for a double
   * after connecting.
   */
  @Hook(
      purpose = "reuse",
      method = {"isEligible", "isEligible$okhttp"},
      taking = "okhttp3.Address")
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean refuse(@Advice.This Object connection, @OfType Address address) {
    return !Attempts.mayTake(address.url(), connection);
  }

  /** The call for which a spare connection was put into the pool finds it there. */
  @Hook(
      purpose = "spare",
      optional = true,
      method = {"isEligible", "isEligible$okhttp"},
      taking = "okhttp3.Address")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static boolean spare(@Advice.This Object connection, @Advice.Return boolean eligible) {
    return eligible || Attempts.takeSpare(connection);
  }

  /**
   * What OkHttp asks of a connection that it took from the pool; one that is not healthy it takes
   * out and closes, and looks further. Its own look is one of a millisecond, and only at what was
   * idle for ten seconds.
   */
  @Hook(purpose = "validate", method = "isHealthy", taking = "boolean")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static boolean healthy(
      @Advice.This Connection connection,
      @Advice.FieldValue("route") Route route,
      @Advice.FieldValue("rawSocket") Socket socket,
      @Advice.Return boolean healthy) {
    return healthy && Attempts.isFit(route.address().url(), connection, socket);
  }

  /** The pool closes such a connection when it is released. */
  @Hook(purpose = "close-after-use", method = "<init>", taking = "okhttp3.Route")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("noNewExchanges"))
  public static boolean noNewExchanges(@OfType Route route) {
    return isUsedOnce(route);
  }

  /** What the field was called in 3.12. */
  @Hook(purpose = "close-after-use", method = "<init>", taking = "okhttp3.Route")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("noNewStreams"))
  public static boolean noNewStreams(@OfType Route route) {
    return isUsedOnce(route);
  }

  private static boolean isUsedOnce(Route route) {
    return !Attempts.mayKeep(route.address().url());
  }

  /** 3.x and 4.x. */
  @Hook(
      purpose = "connect-timeout",
      method = "connect",
      taking = {"int", "int", "okhttp3.Call"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(0))
  public static int tcp(@Advice.Argument(0) int millis, @Advice.FieldValue("route") Route route) {
    return capped(millis, route);
  }

  /**
   * The time that a read may take while TLS is negotiated; afterwards the exchange sets its own.
   */
  @Hook(
      purpose = "connect-timeout",
      method = "connect",
      taking = {"int", "int", "okhttp3.Call"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(1))
  public static int tls(@Advice.Argument(1) int millis, @Advice.FieldValue("route") Route route) {
    return capped(millis, route);
  }

  /** 3.x and 4.x. */
  @Hook(
      purpose = "opened",
      method = "connect",
      taking = {"int", "int", "okhttp3.Call"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void connected(
      @Advice.This Object connection, @Advice.FieldValue("route") Route route) {
    opened(connection, route);
  }

  /** 5.x makes the object when the connection is there. */
  @Hook(
      purpose = "opened",
      method = "<init>",
      taking = {"okhttp3.Route", "java.net.Socket"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void opened(@Advice.This Object connection, @OfType Route route) {
    Attempts.opened(route.address().url(), connection);
  }

  /** See {@link Attempts#connectTimeout}. */
  public static int capped(int millis, Route route) {
    return Attempts.connectTimeout(route.address().url(), millis);
  }
}

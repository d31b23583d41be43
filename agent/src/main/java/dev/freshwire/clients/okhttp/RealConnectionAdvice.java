package dev.freshwire.clients.okhttp;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import net.bytebuddy.asm.Advice;
import okhttp3.Address;
import okhttp3.HttpUrl;
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
  public static boolean refuse(@OfType Address address) {
    HttpUrl url = address.url();
    return !Enforcer.mayReuse(url.host(), url.port());
  }

  /** The pool says yes: it hands the connection over at once. Whether it is alive comes later. */
  @Hook(
      purpose = "reused",
      method = {"isEligible", "isEligible$okhttp"},
      taking = "okhttp3.Address")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void reused(@OfType Address address, @Advice.Return boolean eligible) {
    if (eligible) {
      HttpUrl url = address.url();
      Enforcer.reused(url.host(), url.port());
    }
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
    HttpUrl url = route.address().url();
    return !Enforcer.mayReuse(url.host(), url.port());
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
  public static void connected(@Advice.FieldValue("route") Route route) {
    opened(route);
  }

  /** 5.x makes the object when the connection is there. */
  @Hook(
      purpose = "opened",
      method = "<init>",
      taking = {"okhttp3.Route", "java.net.Socket"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void opened(@OfType Route route) {
    HttpUrl url = route.address().url();
    Enforcer.opened(url.host(), url.port());
  }

  /** See {@link Enforcer#connectTimeout}; less what earlier attempts of this call spent. */
  public static int capped(int millis, Route route) {
    HttpUrl url = route.address().url();
    if (!Enforcer.covers(url.host(), url.port())) {
      return millis;
    }
    Attempts attempts = Attempts.current();
    return attempts == null
        ? Enforcer.connectTimeout(url.host(), url.port(), millis)
        : attempts.connectTimeout(millis);
  }
}

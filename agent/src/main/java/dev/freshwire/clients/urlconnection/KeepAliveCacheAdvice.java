package dev.freshwire.clients.urlconnection;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.net.URL;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import sun.net.www.http.HttpClient;

/** The one cache of all idle connections, plain and with TLS. */
@Rewrites("sun.net.www.http.KeepAliveCache")
public final class KeepAliveCacheAdvice {
  private KeepAliveCacheAdvice() {}

  /** The thread that has taken a spare connection finds it here. */
  @Hook(
      purpose = "prewarm",
      method = "get",
      taking = {"java.net.URL", "java.lang.Object"})
  @Advice.OnMethodEnter(
      inline = false,
      skipOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static @Nullable HttpClient spare() {
    return Spares.found();
  }

  @Hook(
      purpose = "prewarm",
      method = "get",
      taking = {"java.net.URL", "java.lang.Object"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static @Nullable HttpClient found(
      @Advice.Enter @Nullable HttpClient spare, @Advice.Return @Nullable HttpClient cached) {
    return spare != null ? spare : cached;
  }

  /** What it finds and may not be used is closed, and it looks for another one. */
  @Hook(
      purpose = "validate",
      method = "get",
      taking = {"java.net.URL", "java.lang.Object"})
  @Advice.OnMethodExit(
      inline = false,
      repeatOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean look(@OfType URL url, @Advice.Return @Nullable HttpClient found) {
    return Attempts.dropped(url, found);
  }
}

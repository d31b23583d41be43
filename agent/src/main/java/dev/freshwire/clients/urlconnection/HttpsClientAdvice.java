package dev.freshwire.clients.urlconnection;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import javax.net.ssl.HostnameVerifier;
import javax.net.ssl.SSLSocketFactory;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import sun.net.www.http.HttpClient;
import sun.net.www.protocol.http.HttpURLConnection;

/** What is different with https: where the pool is asked, and the handshake. */
@Rewrites("sun.net.www.protocol.https.HttpsClient")
public final class HttpsClientAdvice {
  private HttpsClientAdvice() {}

  @Hook(
      purpose = "reuse",
      method = "New",
      taking = {"java.net.Proxy", "boolean", "int", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(4))
  public static boolean begin(
      @OfType SSLSocketFactory factory,
      @OfType URL url,
      @OfType @Nullable HostnameVerifier verifier,
      @OfType @Nullable Proxy proxy,
      @Advice.Argument(4) boolean useCache,
      @Advice.Argument(5) int connectTimeout,
      @OfType @Nullable HttpURLConnection connection) {
    Attempts.begin(url, connection);
    return useCache
        && (Attempts.mayLook(url)
            || Attempts.hasSpare(url, factory, verifier, proxy, connectTimeout));
  }

  @Hook(purpose = "idle", method = "putInKeepAliveCache")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void idle(@Advice.This HttpClient client) {
    Enforcer.idle(client);
  }

  @Hook(
      purpose = "retry",
      method = "New",
      taking = {"java.net.Proxy", "boolean", "int", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void begun(@Advice.Return HttpClient client) {
    Attempts.begun(client);
  }

  @Hook(purpose = "handshake-timeout", method = "afterConnect")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void handshaking(@Advice.This HttpClient client) {
    Attempts attempts = Attempts.of(client);
    if (attempts != null) {
      attempts.handshaking(client);
    }
  }

  /** What it throws is what the call throws: nothing is suppressed here. */
  @Hook(purpose = "connect-retry", method = "afterConnect")
  @Advice.OnMethodExit(
      inline = false,
      onThrowable = Throwable.class,
      repeatOn = Advice.OnNonDefaultValue.class)
  public static boolean shaken(
      @Advice.This HttpClient client, @Advice.Thrown @Nullable Throwable thrown)
      throws IOException {
    Attempts attempts = Attempts.of(client);
    return attempts != null && attempts.handshakeAgain(client, thrown);
  }
}

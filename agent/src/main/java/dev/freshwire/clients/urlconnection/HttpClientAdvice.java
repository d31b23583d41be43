package dev.freshwire.clients.urlconnection;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import java.net.Proxy;
import java.net.URL;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;
import sun.net.www.MessageHeader;
import sun.net.www.http.HttpClient;
import sun.net.www.http.PosterOutputStream;
import sun.net.www.protocol.http.HttpURLConnection;

/** One connection, http or https. */
@Rewrites("sun.net.www.http.HttpClient")
public final class HttpClientAdvice {
  private HttpClientAdvice() {}

  @Hook(
      purpose = "reuse",
      method = "New",
      taking = {"java.net.Proxy", "int", "boolean", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToArguments(@Advice.AssignReturned.ToArguments.ToArgument(3))
  public static boolean begin(
      @OfType URL url,
      @OfType @Nullable Proxy proxy,
      @Advice.Argument(2) int connectTimeout,
      @Advice.Argument(3) boolean useCache,
      @OfType @Nullable HttpURLConnection connection) {
    Attempts.begin(url, connection);
    return useCache
        && (Attempts.mayLook(url) || Attempts.hasSpare(url, null, null, proxy, connectTimeout));
  }

  @Hook(
      purpose = "retry",
      method = "New",
      taking = {"java.net.Proxy", "int", "boolean", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void begun(@Advice.Return HttpClient client) {
    Attempts.begun(client);
  }

  /** Sends {@code Connection: close}, and closes the connection once the response was read. */
  @Hook(purpose = "reuse", method = "getHttpKeepAliveSet")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToReturned
  public static boolean keepAlive(
      @Advice.This HttpClient client,
      @Advice.Return boolean keepAlive,
      @Advice.FieldValue("url") @Nullable URL url) {
    return keepAlive && (url == null || Attempts.mayKeep(client, url));
  }

  @Hook(purpose = "idle", method = "putInKeepAliveCache")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void idle(@Advice.This HttpClient client) {
    Enforcer.idle(client);
  }

  /** The one of its overloads that the others call. */
  @Hook(
      purpose = "connect-timeout",
      method = "openServer",
      taking = {"java.lang.String", "int"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void connecting(
      @Advice.This HttpClient client, @Advice.FieldValue("url") @Nullable URL url) {
    if (url != null) {
      Attempts.connecting(client, url);
    }
  }

  @Hook(
      purpose = "connect-retry",
      method = "openServer",
      taking = {"java.lang.String", "int"})
  @Advice.OnMethodExit(
      inline = false,
      onThrowable = Throwable.class,
      repeatOn = Advice.OnNonDefaultValue.class,
      suppress = Throwable.class)
  public static boolean connected(
      @Advice.This HttpClient client,
      @Advice.FieldValue("url") @Nullable URL url,
      @Advice.Thrown @Nullable Throwable thrown) {
    return url != null && Attempts.connectAgain(client, url, thrown);
  }

  @Hook(
      purpose = "sent",
      everywhere = true,
      method = "writeRequests",
      taking = {"sun.net.www.MessageHeader", "sun.net.www.http.PosterOutputStream"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void sending(
      @Advice.This HttpClient client,
      @OfType MessageHeader request,
      @Advice.FieldValue("url") @Nullable URL url) {
    Attempts attempts = Attempts.sending(client, url, request);
    if (attempts != null) {
      attempts.applyReadTimeout(client);
    }
  }

  @Hook(
      purpose = "sent",
      method = "writeRequests",
      taking = {"sun.net.www.MessageHeader", "sun.net.www.http.PosterOutputStream"})
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void written(@Advice.This HttpClient client, @OfType MessageHeader request) {
    Attempts.written(client, request);
  }

  /** True makes the JDK's own replay, which is one of a sent POST as well, think it has been. */
  @Hook(
      purpose = "unsafe-replay",
      method = "parseHTTP",
      taking = {"sun.net.www.MessageHeader", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  @Advice.AssignReturned.ToFields(@Advice.AssignReturned.ToFields.ToField("failedOnce"))
  public static boolean noReplay(
      @Advice.This HttpClient client, @Advice.FieldValue("failedOnce") boolean failedOnce) {
    return failedOnce || Attempts.of(client) != null;
  }

  /** The JDK keeps the head of a 401 or 407 until the next one begins. */
  @Hook(
      purpose = "retry",
      method = "parseHTTP",
      taking = {"sun.net.www.MessageHeader", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void reading(@Advice.This HttpClient client, @OfType MessageHeader response) {
    Attempts attempts = Attempts.of(client);
    if (attempts != null) {
      attempts.reading(response);
    }
  }

  /** A tunnel through a proxy is part of connecting: {@code again} is where that ends. */
  @Hook(
      purpose = "handshake-timeout",
      method = "parseHTTP",
      taking = {"sun.net.www.MessageHeader", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void tunnelling(
      @Advice.This HttpClient client,
      @Advice.FieldValue("requests") @Nullable MessageHeader request) {
    Attempts attempts =
        request != null && Attempts.opensTunnel(request) ? Attempts.of(client) : null;
    if (attempts != null) {
      attempts.handshaking(client);
    }
  }

  /** What it throws is what the call throws: nothing is suppressed here. */
  @Hook(
      purpose = "retry",
      method = "parseHTTP",
      taking = {"sun.net.www.MessageHeader", "sun.net.www.protocol.http.HttpURLConnection"})
  @Advice.OnMethodExit(
      inline = false,
      onThrowable = Throwable.class,
      repeatOn = Advice.OnNonDefaultValue.class)
  public static boolean again(
      @Advice.This HttpClient client,
      @OfType MessageHeader response,
      @OfType HttpURLConnection connection,
      @Advice.FieldValue("requests") @Nullable MessageHeader request,
      @Advice.FieldValue("poster") @Nullable PosterOutputStream body,
      @Advice.FieldValue("streaming") boolean streaming,
      @Advice.Thrown @Nullable Throwable thrown)
      throws IOException {
    Attempts attempts = Attempts.of(client);
    return attempts != null
        && request != null
        && attempts.exchangeAgain(client, connection, request, body, streaming, response, thrown);
  }

  /** The application disconnects from another thread, and nothing shall be sent any more. */
  @Hook(purpose = "cancel", method = "setDoNotRetry")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void cancelled(@Advice.This HttpClient client) {
    Attempts attempts = Attempts.of(client);
    if (attempts != null) {
      attempts.cancel();
    }
  }
}

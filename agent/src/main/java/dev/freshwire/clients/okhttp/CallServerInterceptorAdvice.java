package dev.freshwire.clients.okhttp;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import net.bytebuddy.asm.Advice;
import okhttp3.Connection;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** Just before the request is written, and just after the response's headers were read. */
@Rewrites("okhttp3.internal.http.CallServerInterceptor")
public final class CallServerInterceptorAdvice {
  private CallServerInterceptorAdvice() {}

  /** A call that only makes a spare connection ends here, before the others look at it. */
  @Hook(purpose = "spare", optional = true, method = "intercept")
  @Advice.OnMethodEnter(inline = false, skipOn = Advice.OnNonDefaultValue.class)
  public static @Nullable Response harvest(@Advice.Argument(0) Interceptor.Chain chain)
      throws IOException {
    return Spares.harvest(chain);
  }

  @Hook(purpose = "spare", optional = true, method = "intercept")
  @Advice.OnMethodExit(inline = false)
  @Advice.AssignReturned.ToReturned
  public static Response harvested(
      @Advice.Enter @Nullable Response harvested, @Advice.Return Response response) {
    return harvested != null ? harvested : response;
  }

  /**
   * OkHttp never sets TCP_NODELAY. On a fresh TLS connection the request then waits for the
   * server's delayed acknowledgement of the handshake's last flight, about 40 ms on Linux.
   */
  @Hook(purpose = "no-delay", method = "intercept")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void noDelay(@Advice.Argument(0) Interceptor.Chain chain) {
    HttpUrl url = chain.request().url();
    Connection connection = chain.connection();
    if (connection != null && !Attempts.mayReuseFreely(url)) {
      try {
        connection.socket().setTcpNoDelay(true);
      } catch (IOException e) {
        // It was closed by another thread, which OkHttp is going to find out by itself.
      }
    }
  }

  @Hook(purpose = "reused", method = "intercept")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void carries(@Advice.Argument(0) Interceptor.Chain chain) {
    Connection connection = chain.connection();
    if (connection != null) {
      Attempts.carries(chain.request().url(), connection);
    }
  }

  /** Where reading the headers fails this is not reached. */
  @Hook(purpose = "answered", method = "intercept")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void answered() {
    Attempts attempts = Attempts.current();
    if (attempts != null) {
      attempts.answered();
    }
  }

  @Hook(purpose = "read-timeout", method = "intercept")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void exempt(
      @Advice.Argument(0) Interceptor.Chain chain, @Advice.Return Response response) {
    ReadTimeouts.exempt(chain, response);
    Attempts.exempt(response);
  }
}

package dev.freshwire.clients.okhttp;

import dev.freshwire.bridge.Enforcer;
import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.Rewrites;
import java.io.IOException;
import net.bytebuddy.asm.Advice;
import okhttp3.Connection;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.Response;

/** Just before the request is written, and just after the response's headers were read. */
@Rewrites("okhttp3.internal.http.CallServerInterceptor")
public final class CallServerInterceptorAdvice {
  private CallServerInterceptorAdvice() {}

  /**
   * OkHttp never sets TCP_NODELAY. On a fresh TLS connection the request then waits for the
   * server's delayed acknowledgement of the handshake's last flight, about 40 ms on Linux.
   */
  @Hook(purpose = "no-delay", method = "intercept")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void noDelay(@Advice.Argument(0) Interceptor.Chain chain) throws IOException {
    HttpUrl url = chain.request().url();
    Connection connection = chain.connection();
    if (connection != null && !Enforcer.mayReuse(url.host(), url.port())) {
      connection.socket().setTcpNoDelay(true);
    }
  }

  @Hook(purpose = "read-timeout", method = "intercept")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void exempt(
      @Advice.Argument(0) Interceptor.Chain chain, @Advice.Return Response response)
      throws IOException {
    ReadTimeouts.exempt(chain, response);
  }
}

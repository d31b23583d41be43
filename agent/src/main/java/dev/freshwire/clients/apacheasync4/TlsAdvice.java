package dev.freshwire.clients.apacheasync4;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.nio.ByteBuffer;
import javax.net.ssl.SSLEngine;
import net.bytebuddy.asm.Advice;
import org.apache.http.nio.reactor.IOSession;

/**
 * A session of TLS. The client gives it the request while it still shakes hands, and it takes
 * nothing before that is over; what it takes it sends afterwards.
 */
@Rewrites("org.apache.http.nio.reactor.ssl.SSLIOSession")
public final class TlsAdvice {
  private TlsAdvice() {}

  /** The end of TLS may have come with the response. */
  @Hook(purpose = "end-of-tls", method = "decryptData")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void read(
      @Advice.This IOSession session, @Advice.FieldValue("sslEngine") SSLEngine engine) {
    Connections.read(session, engine);
  }

  @Hook(purpose = "sent", everywhere = true, method = "writePlain")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void taken(
      @Advice.This IOSession session, @OfType ByteBuffer bytes, @Advice.Return int taken) {
    if (taken > 0) {
      Attempts.left(session);
    }
  }
}

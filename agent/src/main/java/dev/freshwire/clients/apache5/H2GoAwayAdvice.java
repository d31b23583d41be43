package dev.freshwire.clients.apache5;

import dev.freshwire.weaving.Hook;
import dev.freshwire.weaving.OfType;
import dev.freshwire.weaving.Rewrites;
import java.nio.ByteBuffer;
import net.bytebuddy.asm.Advice;
import org.apache.hc.core5.http2.frame.FrameType;
import org.apache.hc.core5.http2.frame.RawFrame;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.reactor.IOSession;

/**
 * Reads from a GOAWAY what the client passes over. The classic client does without the library that
 * this class is in.
 */
@Rewrites("org.apache.hc.core5.http2.impl.nio.AbstractH2StreamMultiplexer")
public final class H2GoAwayAdvice {
  /** The last stream's number and the error code, four bytes each. */
  private static final int LEAST = 8;

  private H2GoAwayAdvice() {}

  @Hook(purpose = "unprocessed", optional = true, everywhere = true, method = "consumeFrame")
  @Advice.OnMethodEnter(inline = false, suppress = Throwable.class)
  public static void read(
      @OfType RawFrame frame, @Advice.FieldValue("ioSession") IOSession session) {
    ByteBuffer payload = frame.isType(FrameType.GOAWAY) ? frame.getPayload() : null;
    if (payload != null && payload.remaining() >= LEAST) {
      GoneAway.tells(session, payload.getInt(payload.position()) & Integer.MAX_VALUE);
    }
  }

  /**
   * The client of 5.6 asks over and over whether it may write to a session that it is closing when
   * a GOAWAY comes meanwhile: a processor's whole time, until the server closes.
   */
  @Hook(purpose = "close-after-use", method = "consumeFrame")
  @Advice.OnMethodExit(inline = false, suppress = Throwable.class)
  public static void readLate(
      @OfType RawFrame frame, @Advice.FieldValue("ioSession") IOSession session) {
    if (frame.isType(FrameType.GOAWAY) && GoneAway.isClosing(session)) {
      session.close(CloseMode.IMMEDIATE);
    }
  }
}

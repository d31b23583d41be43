package dev.freshwire.clients.apache5;

import org.apache.hc.core5.http2.H2Error;
import org.apache.hc.core5.http2.H2StreamResetException;

/** The ends of HTTP/2 streams. Not used where the library for HTTP/2 is not there. */
public final class H2Resets {
  private H2Resets() {}

  /** Asked by name, since the class need not be there. */
  private static boolean isReset(Exception failure) {
    return failure.getClass().getName().endsWith(".H2StreamResetException");
  }

  /** The server did not process it. */
  public static boolean isRefusal(Exception failure) {
    return isReset(failure)
        && ((H2StreamResetException) failure).getCode() == H2Error.REFUSED_STREAM.getCode();
  }

  /** A stream that waited for too long is reset by the client itself, without an error code. */
  public static boolean isTimeout(Exception failure) {
    return isReset(failure)
        && ((H2StreamResetException) failure).getCode() == H2Error.NO_ERROR.getCode();
  }
}

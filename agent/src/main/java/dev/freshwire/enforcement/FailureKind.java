package dev.freshwire.enforcement;

import dev.freshwire.policy.RetryQuestion;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownServiceException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What the type of a failure tells about the use of another attempt. */
final class FailureKind {
  private FailureKind() {}

  /**
   * What is known by the type of a failure.
   *
   * @param sent whether the request may have left
   * @return flags of {@link RetryQuestion}
   */
  static int flags(Throwable failure, boolean sent) {
    if (failure instanceof SocketTimeoutException) {
      return sent ? RetryQuestion.TIMED_OUT : 0;
    }
    if (failure instanceof InterruptedIOException || Thread.currentThread().isInterrupted()) {
      return RetryQuestion.CANCELLED;
    }
    // Neither a wrong certificate nor a broken protocol gets better by asking again.
    boolean lasting =
        failure instanceof SSLPeerUnverifiedException
            || failure instanceof ProtocolException
            || failure instanceof UnknownServiceException
            || failure.getCause() instanceof CertificateException;
    return lasting ? RetryQuestion.LASTING : 0;
  }

  /** Whether there was no local port left to connect from (EADDRNOTAVAIL). */
  static boolean isNoPort(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < 8; depth++) {
      String message = cause.getMessage();
      if (cause instanceof SocketException
          && message != null
          && message.contains("assign requested address")) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }
}

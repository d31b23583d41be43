package dev.freshwire.clients.jdkhttp;

import java.net.SocketTimeoutException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpTimeoutException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** What there is to know about an attempt that has ended, for whether there is to be another. */
public final class Outcome {
  private static final String REPEATABLE = "jdk.internal.net.http.RequestPublishers$";

  private Outcome() {}

  /** What {@code failure} wraps for a future. */
  static @Nullable Throwable cause(@Nullable Throwable failure) {
    Throwable cause = failure;
    while ((cause instanceof CompletionException || cause instanceof ExecutionException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause;
  }

  /** The same as what the policy calls a timeout, where it is one of the response. */
  static Throwable asPolicyKnowsIt(Throwable failure) {
    return failure instanceof HttpTimeoutException
            && !(failure instanceof HttpConnectTimeoutException)
        ? new SocketTimeoutException(failure.getMessage())
        : failure;
  }

  /**
   * Whether the body can be sent again. Of the JDK's own publishers those of streams, of other
   * publishers and of several in a row may give their bytes only once; of those that an application
   * made nothing is known.
   */
  static boolean isRepeatable(HttpRequest request) {
    HttpRequest.BodyPublisher body = request.bodyPublisher().orElse(null);
    if (body == null || body.contentLength() == 0) {
      return true;
    }
    String type = body.getClass().getName();
    return type.startsWith(REPEATABLE)
        && !type.endsWith("InputStreamPublisher")
        && !type.endsWith("AggregatePublisher")
        && !type.endsWith("PublisherAdapter");
  }
}

package dev.freshwire.clients.apache5;

import java.io.IOException;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.jspecify.annotations.Nullable;

/** Notes whether an answer is a step of a handshake. */
public final class HandshakeCallback implements AsyncExecCallback {
  private final AsyncExecCallback next;
  private final Attempts attempts;
  private final HttpClientContext context;

  /** Notes it in {@code attempts}. */
  public HandshakeCallback(AsyncExecCallback next, Attempts attempts, HttpClientContext context) {
    this.next = next;
    this.attempts = attempts;
    this.context = context;
  }

  @Override
  public @Nullable AsyncDataConsumer handleResponse(HttpResponse response, EntityDetails details)
      throws HttpException, IOException {
    attempts.answered(response, context);
    return next.handleResponse(response, details);
  }

  @Override
  public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
    next.handleInformationResponse(response);
  }

  @Override
  public void completed() {
    next.completed();
  }

  @Override
  public void failed(Exception cause) {
    next.failed(cause);
  }
}

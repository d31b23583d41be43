package dev.freshwire.clients.apache5;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.nio.AsyncDataConsumer;
import org.apache.hc.core5.http.nio.CapacityChannel;
import org.jspecify.annotations.Nullable;

/**
 * What comes of one attempt. It ends once. The client says that an exchange is completed also when
 * it has given up writing the request, because the answer is one of an error, and the answer's body
 * is still to come; and once more then. A connection that is closed after an attempt has ended
 * fails that attempt, not the next one.
 */
public final class AsyncAttempt implements AsyncExecCallback, AsyncDataConsumer {
  private final AsyncAttempts attempts;
  private final AsyncExecCallback application;
  private final AtomicBoolean ended = new AtomicBoolean();

  /** How long to wait when the response that is thrown away has ended. */
  private volatile long waitAfterResponse = AsyncAttempts.NO_RETRY;

  /** Whether the application was given the response. */
  private volatile boolean handed;

  /** Whether there is more of the response to come. */
  private volatile boolean reading;

  /** Where the response's body goes; null: nowhere. */
  private volatile @Nullable AsyncDataConsumer consumer;

  /** One of {@code attempts}. */
  public AsyncAttempt(AsyncAttempts attempts, AsyncExecCallback application) {
    this.attempts = attempts;
    this.application = application;
  }

  @Override
  public @Nullable AsyncDataConsumer handleResponse(
      HttpResponse response, @Nullable EntityDetails details) throws HttpException, IOException {
    if (ReadTimeouts.isStream(response)) {
      attempts.exemptFromReadTimeout();
    }
    reading = details != null;
    waitAfterResponse = attempts.afterResponse(response);
    if (waitAfterResponse == AsyncAttempts.NO_RETRY) {
      handed = true;
      attempts.over();
      consumer = application.handleResponse(response, details);
    }
    return this;
  }

  @Override
  public void handleInformationResponse(HttpResponse response) throws HttpException, IOException {
    application.handleInformationResponse(response);
  }

  @Override
  public void completed() {
    if (reading || !ended.compareAndSet(false, true)) {
      return;
    }
    if (waitAfterResponse == AsyncAttempts.NO_RETRY) {
      attempts.ended();
      application.completed();
    } else {
      attempts.again(waitAfterResponse);
    }
  }

  @Override
  public void failed(Exception failure) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    if (waitAfterResponse != AsyncAttempts.NO_RETRY) {
      // It was not to be read to its end anyway.
      attempts.again(waitAfterResponse);
    } else {
      attempts.failed(failure, handed);
    }
  }

  @Override
  public void updateCapacity(CapacityChannel channel) throws IOException {
    AsyncDataConsumer to = consumer;
    if (to != null) {
      to.updateCapacity(channel);
    } else {
      channel.update(Integer.MAX_VALUE);
    }
  }

  @Override
  public void consume(ByteBuffer bytes) throws IOException {
    AsyncDataConsumer to = consumer;
    if (to != null) {
      to.consume(bytes);
    } else {
      bytes.position(bytes.limit());
    }
  }

  @Override
  public void streamEnd(@Nullable List<? extends Header> trailers)
      throws HttpException, IOException {
    reading = false;
    AsyncDataConsumer to = consumer;
    if (to != null) {
      to.streamEnd(trailers);
    }
  }

  @Override
  public void releaseResources() {
    AsyncDataConsumer to = consumer;
    if (to != null) {
      to.releaseResources();
    }
  }
}

package dev.freshwire.it.driver.apacheasync4;

import dev.freshwire.it.driver.Reply;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.apache.http.concurrent.FutureCallback;

/** Hands the end of an exchange on. */
final class Completing implements FutureCallback<Reply> {
  private final CompletableFuture<Reply> reply;

  Completing(CompletableFuture<Reply> reply) {
    this.reply = reply;
  }

  @Override
  public void completed(Reply result) {
    reply.complete(result);
  }

  @Override
  public void failed(Exception failure) {
    reply.completeExceptionally(failure);
  }

  @Override
  public void cancelled() {
    reply.completeExceptionally(new CancellationException("cancelled"));
  }
}

package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Reply;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.async.methods.AbstractBinResponseConsumer;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.jspecify.annotations.Nullable;

/** Takes as much of a response as the application wants. */
final class ReplyConsumer extends AbstractBinResponseConsumer<Reply> {
  private final Call.Consume consume;
  private final CompletableFuture<Reply> reply;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private volatile int status;

  ReplyConsumer(Call.Consume consume, CompletableFuture<Reply> reply) {
    this.consume = consume;
    this.reply = reply;
  }

  @Override
  protected void start(HttpResponse response, @Nullable ContentType contentType) {
    status = response.getCode();
    if (consume == Call.Consume.CLOSE) {
      reply.complete(new Reply(status, 0, ""));
    }
  }

  @Override
  protected int capacityIncrement() {
    return Integer.MAX_VALUE;
  }

  @Override
  protected void data(ByteBuffer source, boolean endOfStream) {
    byte[] chunk = new byte[source.remaining()];
    source.get(chunk);
    bytes.write(chunk, 0, chunk.length);
    if (consume == Call.Consume.ABANDON && chunk.length > 0) {
      reply.complete(new Reply(status, 1, ""));
    }
  }

  @Override
  protected Reply buildResult() {
    return new Reply(status, bytes.size(), new String(bytes.toByteArray(), StandardCharsets.UTF_8));
  }

  @Override
  public void releaseResources() {}
}

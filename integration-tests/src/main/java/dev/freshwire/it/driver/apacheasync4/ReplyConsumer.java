package dev.freshwire.it.driver.apacheasync4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Reply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.apache.http.HttpEntity;
import org.apache.http.HttpResponse;
import org.apache.http.entity.ContentType;
import org.apache.http.nio.ContentDecoder;
import org.apache.http.nio.IOControl;
import org.apache.http.nio.protocol.AbstractAsyncResponseConsumer;
import org.apache.http.protocol.HttpContext;

/** Takes as much of a response as the application wants. */
final class ReplyConsumer extends AbstractAsyncResponseConsumer<Reply> {
  private final Call.Consume consume;
  private final CompletableFuture<Reply> reply;
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final ByteBuffer buffer = ByteBuffer.allocate(16 * 1024);
  private volatile int status;

  ReplyConsumer(Call.Consume consume, CompletableFuture<Reply> reply) {
    this.consume = consume;
    this.reply = reply;
  }

  @Override
  protected void onResponseReceived(HttpResponse response) {
    status = response.getStatusLine().getStatusCode();
    if (consume == Call.Consume.CLOSE) {
      reply.complete(new Reply(status, 0, ""));
    }
  }

  @Override
  protected void onEntityEnclosed(HttpEntity entity, ContentType contentType) {}

  @Override
  protected void onContentReceived(ContentDecoder decoder, IOControl control) throws IOException {
    for (int read = decoder.read(buffer); read > 0; read = decoder.read(buffer)) {
      bytes.write(buffer.array(), 0, buffer.position());
      buffer.clear();
    }
    if (consume == Call.Consume.ABANDON && bytes.size() > 0) {
      reply.complete(new Reply(status, 1, ""));
    }
  }

  @Override
  protected Reply buildResult(HttpContext context) {
    return new Reply(status, bytes.size(), new String(bytes.toByteArray(), StandardCharsets.UTF_8));
  }

  @Override
  protected void releaseResources() {}
}

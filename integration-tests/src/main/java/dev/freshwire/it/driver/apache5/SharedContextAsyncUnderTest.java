package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Meeting;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.hc.client5.http.async.AsyncExecCallback;
import org.apache.hc.client5.http.async.AsyncExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.async.CloseableHttpAsyncClient;
import org.apache.hc.client5.http.impl.async.HttpAsyncClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.AsyncEntityProducer;
import org.apache.hc.core5.http.nio.entity.BasicAsyncEntityProducer;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;
import org.jspecify.annotations.Nullable;

/** The asynchronous client whose requests all have one context. See {@link Meeting}. */
public final class SharedContextAsyncUnderTest
    extends OneClient<CloseableHttpAsyncClient, Future<?>> {
  private final HttpClientContext context = HttpClientContext.create();
  private final Meeting meeting = new Meeting();

  @Override
  protected CloseableHttpAsyncClient build(Settings settings) {
    CloseableHttpAsyncClient client =
        HttpAsyncClientBuilder.create()
            .addExecInterceptorBefore(ChainElement.CONNECT.name(), "before", this::before)
            .build();
    client.start();
    return client;
  }

  private void before(
      HttpRequest request,
      @Nullable AsyncEntityProducer body,
      AsyncExecChain.Scope scope,
      AsyncExecChain chain,
      AsyncExecCallback callback)
      throws HttpException, IOException {
    if (request.containsHeader(Meeting.MEETS)) {
      meeting.join();
    }
    // The first attempt is made on the thread of the application, which may wait.
    if (request.containsHeader(Meeting.ASKS) && !request.containsHeader("X-Retry-Count")) {
      String first = request.getFirstHeader(Meeting.ASKS).getValue();
      try {
        execute(new BasicHttpRequest("GET", URI.create(first)), null, Call.Consume.ALL).get();
      } catch (ExecutionException e) {
        throw new IOException(e);
      } catch (InterruptedException e) {
        throw new InterruptedIOException();
      }
    }
    chain.proceed(request, body, scope, callback);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // What it tells the reply is told, too.
  private CompletableFuture<Reply> execute(
      BasicHttpRequest request, @Nullable AsyncEntityProducer body, Call.Consume consume) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    client()
        .execute(
            new BasicRequestProducer(request, body),
            new ReplyConsumer(consume, reply),
            context,
            new Completing(reply));
    return reply;
  }

  @Override
  public Reply call(Call call) throws Exception {
    meeting.enter(call);
    BasicHttpRequest request = new BasicHttpRequest(call.method(), URI.create(call.url()));
    call.headers().forEach(request::setHeader);
    AsyncEntityProducer body =
        call.hasBody()
            ? new BasicAsyncEntityProducer(
                new byte[call.bodySize()], ContentType.APPLICATION_OCTET_STREAM)
            : null;
    Future<Reply> reply = execute(request, body, call.consume());
    begun(call, reply);
    try {
      return reply.get();
    } finally {
      ended(call);
    }
  }

  @Override
  protected void cancel(Future<?> call) {
    call.cancel(true);
  }
}

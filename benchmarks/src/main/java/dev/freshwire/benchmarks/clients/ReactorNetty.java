package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import io.netty.buffer.Unpooled;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import reactor.core.publisher.Mono;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;

/** Reactor Netty over HTTP/1.1, waited for; by hand with its provider of new connections. */
public final class ReactorNetty implements Caller.Factory {
  private static final byte[] NOTHING = {};

  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand)
      throws IOException {
    SslContext tls = SslContextBuilder.forClient().trustManager(server.trust()).build();
    HttpClient client =
        HttpClient.create(
                freshByHand
                    ? ConnectionProvider.newConnection()
                    : ConnectionProvider.create("pooled", 256))
            .protocol(HttpProtocol.HTTP11);
    if (errand.url().startsWith("https:")) {
      client = client.secure(secure -> secure.sslContext(tls));
    }
    byte[] body = errand.body();
    HttpClient.ResponseReceiver<?> receiver =
        body == null
            ? client.get().uri(errand.url())
            : client
                .post()
                .uri(errand.url())
                .send(Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body)));
    Mono<Answer> answer =
        receiver.responseSingle(
            (response, content) ->
                content
                    .asByteArray()
                    .defaultIfEmpty(NOTHING)
                    .map(bytes -> new Answer(response.status().code(), bytes.length)));
    return () -> {
      try {
        Answer received = answer.block();
        if (received == null) {
          throw new IOException("No answer");
        }
        return Caller.checked(received.status(), received.length());
      } catch (RuntimeException e) {
        throw new IOException(e);
      }
    };
  }

  private record Answer(int status, long length) {}
}

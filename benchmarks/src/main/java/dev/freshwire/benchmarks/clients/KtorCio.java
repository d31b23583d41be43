package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import io.ktor.client.HttpClient;
import io.ktor.client.HttpClientKt;
import io.ktor.client.engine.cio.CIO;
import io.ktor.client.request.HttpRequestBuilder;
import io.ktor.client.request.HttpRequestKt;
import io.ktor.client.statement.HttpResponse;
import io.ktor.client.statement.HttpResponseKt;
import io.ktor.client.statement.HttpStatement;
import io.ktor.http.HttpMethod;
import java.io.IOException;
import kotlin.Unit;
import kotlin.coroutines.Continuation;
import kotlin.coroutines.EmptyCoroutineContext;
import kotlinx.coroutines.BuildersKt;
import org.jspecify.annotations.Nullable;

/**
 * Ktor's own engine, whose calls are waited for. It opens a connection for every request by itself,
 * so that there is nothing to do by hand; of TLS it speaks 1.2, which takes a round trip more.
 */
public final class KtorCio implements Caller.Factory {
  @Override
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand) {
    HttpClient client =
        HttpClientKt.HttpClient(
            CIO.INSTANCE,
            config -> {
              config.engine(
                  cio -> {
                    cio.getHttps().setTrustManager(server.trust());
                    cio.getEndpoint().setMaxConnectionsPerRoute(256);
                    return Unit.INSTANCE;
                  });
              return Unit.INSTANCE;
            });
    HttpRequestBuilder request = new HttpRequestBuilder();
    HttpRequestKt.url(request, errand.url());
    byte[] body = errand.body();
    if (body != null) {
      request.setMethod(new HttpMethod("POST"));
      request.setBody(body);
    }
    HttpStatement statement = new HttpStatement(request, client);
    return () -> {
      HttpResponse response = await(statement::execute);
      byte[] answer = await(then -> HttpResponseKt.bodyAsBytes(response, then));
      return Caller.checked(response.getStatus().getValue(), answer.length);
    };
  }

  /** What Kotlin calls a suspending function. */
  private interface Suspending<T> {
    @Nullable Object call(Continuation<? super T> then);
  }

  @SuppressWarnings("unchecked") // The coroutine's value is that of the function.
  private static <T> T await(Suspending<T> function) throws IOException {
    try {
      return (T)
          BuildersKt.runBlocking(
              EmptyCoroutineContext.INSTANCE,
              (scope, then) -> function.call((Continuation<? super T>) then));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    } catch (RuntimeException e) {
      throw new IOException(e);
    }
  }
}

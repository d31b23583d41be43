package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Meeting;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import java.net.URI;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.classic.methods.HttpUriRequestBase;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.CloseableHttpResponse;
import org.apache.hc.client5.http.impl.classic.HttpClientBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;

/** The classic client whose requests all have one context. See {@link Meeting}. */
public final class SharedContextUnderTest
    extends OneClient<CloseableHttpClient, HttpUriRequestBase> {
  private final HttpClientContext context = HttpClientContext.create();
  private final Meeting meeting = new Meeting();

  @Override
  protected CloseableHttpClient build(Settings settings) {
    return HttpClientBuilder.create()
        .addExecInterceptorBefore(ChainElement.CONNECT.name(), "before", this::before)
        .build();
  }

  @SuppressWarnings("deprecation") // What replaces it is not in 5.0.
  private ClassicHttpResponse before(
      ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
      throws IOException, HttpException {
    if (request.containsHeader(Meeting.MEETS)) {
      meeting.join();
    }
    if (request.containsHeader(Meeting.ASKS)) {
      URI first = URI.create(request.getFirstHeader(Meeting.ASKS).getValue());
      try (CloseableHttpResponse token =
          client().execute(new HttpUriRequestBase("GET", first), scope.clientContext)) {
        EntityUtils.consume(token.getEntity());
      }
    }
    return chain.proceed(request, scope);
  }

  @Override
  @SuppressWarnings("deprecation") // What replaces it is not in 5.0.
  public Reply call(Call call) throws Exception {
    meeting.enter(call);
    HttpUriRequestBase request = new HttpUriRequestBase(call.method(), URI.create(call.url()));
    call.headers().forEach(request::setHeader);
    if (call.hasBody()) {
      request.setEntity(
          new ByteArrayEntity(new byte[call.bodySize()], ContentType.APPLICATION_OCTET_STREAM));
    }
    begun(call, request);
    try (CloseableHttpResponse response = client().execute(request, context)) {
      return Reply.read(
          response.getCode(),
          response.getEntity() == null ? null : response.getEntity().getContent(),
          call.consume());
    } finally {
      ended(call);
    }
  }

  @Override
  protected void cancel(HttpUriRequestBase call) {
    call.cancel();
  }
}

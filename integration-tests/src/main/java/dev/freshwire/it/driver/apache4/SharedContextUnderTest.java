package dev.freshwire.it.driver.apache4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.Meeting;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import org.apache.http.HttpRequest;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.protocol.HttpContext;
import org.apache.http.util.EntityUtils;

/** The classic client whose requests all have one context. See {@link Meeting}. */
public final class SharedContextUnderTest extends OneClient<CloseableHttpClient, HttpUriRequest> {
  private final HttpClientContext context = HttpClientContext.create();
  private final Meeting meeting = new Meeting();

  @Override
  protected CloseableHttpClient build(Settings settings) {
    return HttpClientBuilder.create().addInterceptorFirst(this::before).build();
  }

  private void before(HttpRequest request, HttpContext given) throws IOException {
    if (request.containsHeader(Meeting.MEETS)) {
      meeting.join();
    }
    if (request.containsHeader(Meeting.ASKS)) {
      String first = request.getFirstHeader(Meeting.ASKS).getValue();
      // The client has noted there by now where the request goes, and reads it again.
      Object route = given.getAttribute(HttpClientContext.HTTP_ROUTE);
      try (CloseableHttpResponse token =
          client().execute(RequestBuilder.get().setUri(first).build(), given)) {
        EntityUtils.consume(token.getEntity());
      }
      given.setAttribute(HttpClientContext.HTTP_ROUTE, route);
    }
  }

  @Override
  public Reply call(Call call) throws Exception {
    meeting.enter(call);
    RequestBuilder builder = RequestBuilder.create(call.method()).setUri(call.url());
    call.headers().forEach(builder::setHeader);
    if (call.hasBody()) {
      builder.setEntity(new ByteArrayEntity(new byte[call.bodySize()]));
    }
    HttpUriRequest request = builder.build();
    begun(call, request);
    try (CloseableHttpResponse response = client().execute(request, context)) {
      return Reply.read(
          response.getStatusLine().getStatusCode(),
          response.getEntity() == null ? null : response.getEntity().getContent(),
          call.consume());
    } finally {
      ended(call);
    }
  }

  @Override
  protected void cancel(HttpUriRequest call) {
    call.abort();
  }
}

package dev.freshwire.it.driver.apache4;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.OneClient;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpUriRequest;
import org.apache.http.client.methods.RequestBuilder;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpRequestExecutor;

/**
 * The classic client of 4.3 to 4.5 whose connection is given back while the request's thread is in
 * the middle of the exchange, as by another thread that aborts, at the moment that the header
 * {@code X-Taken-Away} of the call names.
 */
public final class TakenAwayUnderTest extends OneClient<CloseableHttpClient, HttpUriRequest> {
  private final PoolingHttpClientConnectionManager manager =
      new PoolingHttpClientConnectionManager();

  @Override
  protected CloseableHttpClient build(Settings settings) {
    return HttpClientBuilder.create()
        .setConnectionManager(manager)
        .setRequestExecutor(new LosingExecutor())
        .build();
  }

  /** Loses the connection before or after what the library does with it. */
  private final class LosingExecutor extends HttpRequestExecutor {
    @Override
    public HttpResponse execute(
        HttpRequest request, HttpClientConnection connection, HttpContext context)
        throws IOException, HttpException {
      takeAway("written", request, connection);
      return super.execute(request, connection, context);
    }

    @Override
    protected HttpResponse doReceiveResponse(
        HttpRequest request, HttpClientConnection connection, HttpContext context)
        throws HttpException, IOException {
      HttpResponse response = super.doReceiveResponse(request, connection, context);
      takeAway("answered", request, connection);
      return response;
    }

    private void takeAway(String moment, HttpRequest request, HttpClientConnection connection)
        throws IOException {
      if (request.containsHeader("X-Taken-Away")
          && request.getFirstHeader("X-Taken-Away").getValue().equals(moment)) {
        connection.shutdown();
        manager.releaseConnection(connection, null, 0, TimeUnit.MILLISECONDS);
      }
    }
  }

  @Override
  public Reply call(Call call) throws Exception {
    RequestBuilder builder = RequestBuilder.create(call.method()).setUri(call.url());
    call.headers().forEach(builder::setHeader);
    if (call.hasBody()) {
      builder.setEntity(new ByteArrayEntity(new byte[call.bodySize()]));
    }
    HttpUriRequest request = builder.build();
    begun(call, request);
    try (CloseableHttpResponse response = client().execute(request)) {
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

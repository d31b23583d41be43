package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.FallBack;
import dev.freshwire.it.driver.Reply;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.impl.nio.PoolingAsyncClientConnectionManagerBuilder;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.message.BasicHttpRequest;
import org.apache.hc.core5.http.nio.support.BasicRequestProducer;

/** The asynchronous client in the hands of an application that falls back in a callback. */
public final class FallBackUnderTest extends Apache5AsyncUnderTest {
  private static final class Resolver implements DnsResolver {
    @Override
    public InetAddress[] resolve(String host) throws UnknownHostException {
      return FallBack.resolve(host);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }

  @Override
  void configure(PoolingAsyncClientConnectionManagerBuilder manager) {
    manager.setDnsResolver(new Resolver());
  }

  @Override
  public Reply call(Call call) throws Exception {
    try {
      return FallBack.call(call, (url, headers, end) -> get(call, url, headers, end));
    } finally {
      ended(call);
    }
  }

  private void get(
      Call call, String url, Map<String, String> headers, CompletableFuture<Reply> end) {
    BasicHttpRequest request = new BasicHttpRequest("GET", URI.create(url));
    headers.forEach(request::setHeader);
    begun(
        call,
        client()
            .execute(
                new BasicRequestProducer(request, null),
                new ReplyConsumer(call.consume(), end),
                HttpClientContext.create(),
                new Completing(end)));
  }
}

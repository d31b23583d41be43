package dev.freshwire.it.driver.apache5;

import java.io.IOException;
import org.apache.hc.client5.http.HttpRequestRetryStrategy;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;

/** An application's own strategy: everything is sent again on 503, once. */
final class RetriedOnce implements HttpRequestRetryStrategy {
  @Override
  public boolean retryRequest(
      HttpRequest request, IOException exception, int count, HttpContext context) {
    return false;
  }

  @Override
  public boolean retryRequest(HttpResponse response, int count, HttpContext context) {
    return response.getCode() == 503 && count == 1;
  }

  @Override
  public TimeValue getRetryInterval(HttpResponse response, int count, HttpContext context) {
    return TimeValue.ofMilliseconds(1);
  }
}

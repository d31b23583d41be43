package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Call;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.http.EntityDetails;
import org.apache.hc.core5.http.HttpRequest;
import org.apache.hc.core5.http.HttpRequestInterceptor;
import org.apache.hc.core5.http.protocol.HttpContext;

/**
 * Keeps the name that the server counts a call by: from 5.3 on what follows a redirected POST has
 * none of its headers.
 */
final class NamedExchange implements HttpRequestInterceptor {
  private static final String NAME = "X-Request-Id";

  static HttpClientContext contextOf(Call call) {
    HttpClientContext context = HttpClientContext.create();
    context.setAttribute(NAME, call.headers().get(NAME));
    return context;
  }

  @Override
  public void process(HttpRequest request, EntityDetails body, HttpContext context) {
    Object name = context.getAttribute(NAME);
    if (name != null && !request.containsHeader(NAME)) {
      request.setHeader(NAME, name);
    }
  }
}

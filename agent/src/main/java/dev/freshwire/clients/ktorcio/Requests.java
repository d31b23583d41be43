package dev.freshwire.clients.ktorcio;

import io.ktor.client.engine.HttpClientEngine;
import io.ktor.client.engine.HttpClientEngineCapability;
import io.ktor.client.engine.cio.CIOEngineConfig;
import io.ktor.client.request.HttpRequestData;
import io.ktor.http.HeadersBuilder;
import io.ktor.http.content.OutgoingContent;
import java.lang.reflect.Method;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a request tells, and what is made of it. */
public final class Requests {
  static final String RETRY_COUNT = "X-Retry-Count";

  /** CIO's own limit for a whole request; an application that chose just this one chose nothing. */
  private static final long DEFAULT_REQUEST_TIMEOUT = 15_000;

  private static final int SHORT = 64 * 1024;

  private Requests() {}

  /** An upgrade is the beginning of a conversation that only the application can begin again. */
  public static boolean isUpgrade(HttpRequestData request) {
    return request.getUrl().getProtocol().getName().startsWith("ws")
        || request.getHeaders().contains("Upgrade")
        || request.getBody().getHeaders().contains("Upgrade");
  }

  /** Whether the body can be sent a second time. */
  public static boolean isRepeatable(HttpRequestData request) {
    OutgoingContent body = request.getBody();
    return body instanceof OutgoingContent.NoContent
        || body instanceof OutgoingContent.ByteArrayContent;
  }

  /** Whether it is written as soon as its head is: no body, or one that the buffers take. */
  public static boolean isShort(HttpRequestData request) {
    OutgoingContent body = request.getBody();
    Long length = body.getContentLength();
    return body instanceof OutgoingContent.NoContent || (length != null && length <= SHORT);
  }

  /** The request of a later attempt: it says so, as Supabase's own clients do. */
  public static HttpRequestData repeated(HttpRequestData request, int attempt) {
    if (request.getHeaders().contains(RETRY_COUNT)) {
      return request;
    }
    HeadersBuilder headers = new HeadersBuilder(8);
    headers.appendAll(request.getHeaders());
    headers.append(RETRY_COUNT, Integer.toString(attempt));
    return new HttpRequestData(
        request.getUrl(),
        request.getMethod(),
        headers.build(),
        request.getBody(),
        request.getExecutionContext(),
        request.getAttributes());
  }

  /**
   * How long the response may be waited for by what the application or CIO chose, in milliseconds;
   * 0: for ever, -1: the application chose it.
   */
  public static int readTimeout(HttpClientEngine engine, HttpRequestData request)
      throws ReflectiveOperationException {
    CIOEngineConfig config = (CIOEngineConfig) engine.getConfig();
    if (config.getEndpoint().getSocketTimeout() != Long.MAX_VALUE) {
      return -1;
    }
    Object timeouts = timeouts(request);
    if (timeouts == null) {
      return config.getRequestTimeout() == DEFAULT_REQUEST_TIMEOUT
          ? (int) DEFAULT_REQUEST_TIMEOUT
          : -1;
    }
    boolean chosen =
        timeouts.getClass().getMethod("getSocketTimeoutMillis").invoke(timeouts) != null
            || timeouts.getClass().getMethod("getRequestTimeoutMillis").invoke(timeouts) != null;
    return chosen ? -1 : 0;
  }

  /** What the application told Ktor's timeout plugin; its types have other names in 2.3. */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private static @Nullable Object timeouts(HttpRequestData request)
      throws ReflectiveOperationException {
    Method getter = HttpRequestData.class.getMethod("getRequiredCapabilities$ktor_client_core");
    for (Object capability : (Set<?>) getter.invoke(request)) {
      if (capability.getClass().getName().contains("HttpTimeout")) {
        return request.getCapabilityOrNull((HttpClientEngineCapability) capability);
      }
    }
    return null;
  }
}

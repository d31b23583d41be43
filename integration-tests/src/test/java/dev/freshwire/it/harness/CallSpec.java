package dev.freshwire.it.harness;

import dev.freshwire.it.driver.Call;
import java.util.LinkedHashMap;
import java.util.Map;

/** A call for the forked JVM to make. */
public final class CallSpec {
  private final Map<String, Object> values = new LinkedHashMap<>();
  private final Map<String, String> headers = new LinkedHashMap<>();

  private CallSpec(String method, String url, String id) {
    values.put("method", method);
    values.put("url", url);
    values.put("ticket", id);
    header("X-Request-Id", id);
  }

  /**
   * A call that nothing else is said about yet.
   *
   * @param id goes along as {@code X-Request-Id} and is what the server counts by
   */
  public static CallSpec of(String method, String url, String id) {
    return new CallSpec(method, url, id);
  }

  public CallSpec header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  public CallSpec body(Call.Body kind, int size) {
    values.put("body", kind.name());
    values.put("bodySize", size);
    return this;
  }

  public CallSpec consume(Call.Consume how) {
    values.put("consume", how.name());
    return this;
  }

  public CallSpec async() {
    values.put("async", true);
    return this;
  }

  Map<String, Object> values() {
    values.put("headers", headers);
    return values;
  }
}

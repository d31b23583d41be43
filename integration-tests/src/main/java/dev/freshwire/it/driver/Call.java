package dev.freshwire.it.driver;

import java.util.Collections;
import java.util.Map;
import java.util.Objects;

/** One HTTP call that the application makes. */
public final class Call {
  /** What the application does with the response. */
  public enum Consume {
    /** Reads the body to its end. */
    ALL,
    /** Closes it unread. */
    CLOSE,
    /** Reads a byte and closes it. */
    ABANDON
  }

  /** How the body is made. */
  public enum Body {
    /** Bytes in memory: can be sent again. */
    BYTES,
    /** A stream that can be read once. */
    ONE_SHOT
  }

  private final Map<String, Object> values;

  Call(Map<String, Object> values) {
    this.values = values;
  }

  /** Names the call, so that it can be cancelled. */
  public String ticket() {
    return text("ticket", "");
  }

  public String method() {
    return text("method", "GET");
  }

  public String url() {
    return text("url", "");
  }

  @SuppressWarnings("unchecked")
  public Map<String, String> headers() {
    Object headers = values.get("headers");
    return headers == null ? Collections.emptyMap() : (Map<String, String>) headers;
  }

  public boolean hasBody() {
    return !method().equals("GET") && !method().equals("HEAD");
  }

  public Body body() {
    return Body.valueOf(text("body", "BYTES"));
  }

  public int bodySize() {
    return ((Long) values.getOrDefault("bodySize", 16L)).intValue();
  }

  public Consume consume() {
    return Consume.valueOf(text("consume", "ALL"));
  }

  public boolean async() {
    return Boolean.TRUE.equals(values.get("async"));
  }

  private String text(String key, String otherwise) {
    return Objects.toString(values.get(key), otherwise);
  }
}

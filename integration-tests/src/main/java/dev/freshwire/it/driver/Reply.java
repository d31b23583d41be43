package dev.freshwire.it.driver;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the application got. */
public final class Reply {
  private static final int MOST_TEXT = 4096;

  private final int status;
  private final long length;
  private final String text;

  /**
   * A response that was consumed.
   *
   * @param length bytes of body read
   * @param text its beginning
   */
  public Reply(int status, long length, String text) {
    this.status = status;
    this.length = length;
    this.text = text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) : text;
  }

  boolean isOk() {
    return status == 200;
  }

  Map<String, Object> toJson() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("status", status);
    json.put("length", length);
    json.put("text", text);
    return json;
  }
}

package dev.freshwire.it.driver;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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

  /** Takes as much of a body that comes as a stream as the application wants; closes nothing. */
  public static Reply read(int status, @Nullable InputStream body, Call.Consume consume)
      throws IOException {
    if (body == null || consume == Call.Consume.CLOSE) {
      return new Reply(status, 0, "");
    }
    if (consume == Call.Consume.ABANDON) {
      return new Reply(status, body.read() < 0 ? 0 : 1, "");
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[16 * 1024];
    for (int read = body.read(chunk); read >= 0; read = body.read(chunk)) {
      bytes.write(chunk, 0, read);
    }
    return new Reply(status, bytes.size(), new String(bytes.toByteArray(), StandardCharsets.UTF_8));
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

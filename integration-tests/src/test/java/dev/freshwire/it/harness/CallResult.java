package dev.freshwire.it.harness;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What the caller saw of one call: a response, a failure, or nothing yet. */
public record CallResult(int status, long length, String text, @Nullable Failure failure) {
  /** The call had not ended when the test stopped waiting for it. */
  public static final CallResult PENDING = new CallResult(0, 0, "still waiting", null);

  /** The exception that the caller got. */
  public record Failure(String type, String message, List<String> causes, List<String> suppressed) {
    @SuppressWarnings("unchecked")
    static Failure of(Map<String, Object> json) {
      return new Failure(
          Objects.toString(json.get("type")),
          Objects.toString(json.get("message")),
          (List<String>) json.getOrDefault("causes", List.of()),
          (List<String>) json.getOrDefault("suppressed", List.of()));
    }
  }

  @SuppressWarnings("unchecked")
  static CallResult of(Map<String, Object> json) {
    Object failure = json.get("failure");
    if (failure != null) {
      return new CallResult(0, 0, "", Failure.of((Map<String, Object>) failure));
    }
    return new CallResult(
        ((Long) json.getOrDefault("status", 0L)).intValue(),
        (Long) json.getOrDefault("length", 0L),
        Objects.toString(json.get("text"), ""),
        null);
  }

  public boolean ok() {
    return status == 200;
  }

  public boolean failed() {
    return failure != null;
  }

  public boolean pending() {
    return equals(PENDING);
  }

  @Override
  public String toString() {
    if (failure != null) {
      return failure.type()
          + ": "
          + failure.message()
          + " causes "
          + failure.causes()
          + " suppressed "
          + failure.suppressed();
    }
    return pending() ? "still waiting" : status + " with " + length + " bytes";
  }
}

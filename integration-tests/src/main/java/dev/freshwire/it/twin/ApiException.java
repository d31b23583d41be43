package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** An error that a service answers with: a status, and a body in that service's own shape. */
final class ApiException extends Exception {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final transient ObjectNode body;

  private ApiException(int status, ObjectNode body) {
    super(body.toString());
    this.status = status;
    this.body = body;
  }

  int status() {
    return status;
  }

  ObjectNode body() {
    return body;
  }

  /** PostgREST's shape: {@code code}, {@code details}, {@code hint}, {@code message}. */
  static ApiException rest(int status, String code, String message) {
    return rest(status, code, message, null, null);
  }

  static ApiException rest(
      int status, String code, String message, @Nullable String details, @Nullable String hint) {
    ObjectNode body = Json.object();
    body.put("code", code);
    body.put("details", details);
    body.put("hint", hint);
    body.put("message", message);
    return new ApiException(status, body);
  }

  /** The shape of Auth: {@code code}, {@code error_code}, {@code msg}. */
  static ApiException auth(int status, String errorCode, String message) {
    ObjectNode body = Json.object();
    body.put("code", status);
    body.put("error_code", errorCode);
    body.put("msg", message);
    return new ApiException(status, body);
  }

  /** The shape of Storage: {@code statusCode}, {@code error}, {@code message}. */
  static ApiException storage(int status, String error, String message) {
    ObjectNode body = Json.object();
    // Storage sends its status as text, and 400 on the wire for most of its errors.
    body.put("statusCode", Integer.toString(status));
    body.put("error", error);
    body.put("message", message);
    return new ApiException(status == 404 || status == 409 ? 400 : status, body);
  }

  /** The shape of the API gateway and of Functions: a bare message. */
  static ApiException plain(int status, String message) {
    ObjectNode body = Json.object();
    body.put("message", message);
    return new ApiException(status, body);
  }
}

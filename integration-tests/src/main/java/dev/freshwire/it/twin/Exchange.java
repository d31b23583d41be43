package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.jspecify.annotations.Nullable;

/** One request and its response, in the few words that the services need. */
final class Exchange {

  private final Request request;
  private final Response response;
  private final Callback callback;
  private final Fields query;
  private final String path;
  private boolean sent;

  Exchange(Request request, Response response, Callback callback) {
    this.request = request;
    this.response = response;
    this.callback = callback;
    this.query = Request.extractQueryParameters(request, StandardCharsets.UTF_8);
    this.path = URI.create(request.getHttpURI().getPath()).getPath();
  }

  String method() {
    return request.getMethod();
  }

  /** The decoded path. */
  String path() {
    return path;
  }

  /** The decoded path after the prefix, without a slash at its start. */
  String pathAfter(String prefix) {
    String rest = path.substring(prefix.length());
    return rest.startsWith("/") ? rest.substring(1) : rest;
  }

  /** Scheme, host and port that the client used. */
  String origin() {
    return request.getHttpURI().getScheme() + "://" + request.getHttpURI().getAuthority();
  }

  @Nullable String header(String name) {
    return request.getHeaders().get(name);
  }

  @Nullable String requestId() {
    return header("X-Request-Id");
  }

  @Nullable String query(String name) {
    return query.getValue(name);
  }

  List<Fields.Field> queryFields() {
    return query.stream().toList();
  }

  byte[] body() throws IOException {
    ByteBuffer buffer = Content.Source.asByteBuffer(request);
    return BufferUtil.toArray(buffer);
  }

  /** The body as JSON; null-node where it is empty. */
  JsonNode json() throws IOException, ApiException {
    byte[] bytes = body();
    try {
      return Json.parse(bytes);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw ApiException.rest(400, "PGRST102", "Empty or invalid json");
    }
  }

  /** The bearer token, or null. */
  @Nullable String bearer() {
    String authorization = header("Authorization");
    if (authorization == null || !authorization.regionMatches(true, 0, "Bearer ", 0, 7)) {
      return null;
    }
    return authorization.substring(7).trim();
  }

  /** Whether one of the comma-separated values of this header is the given one. */
  boolean headerSays(String name, String value) {
    for (String line : request.getHeaders().getValuesList(name)) {
      for (String part : line.split(",", -1)) {
        if (part.trim().equals(value)) {
          return true;
        }
      }
    }
    return false;
  }

  Exchange respondWith(String name, String value) {
    response.getHeaders().put(name, value);
    return this;
  }

  void send(int status) {
    send(status, null, new byte[0]);
  }

  void send(int status, JsonNode body) {
    send(status, "application/json; charset=utf-8", Json.bytes(body));
  }

  void send(int status, @Nullable String contentType, byte[] body) {
    sent = true;
    response.setStatus(status);
    if (contentType != null) {
      response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    }
    if (status != 204) {
      response.getHeaders().put(HttpHeader.CONTENT_LENGTH, (long) body.length);
    }
    // Jetty drops the bytes of an answer to HEAD and keeps its headers.
    response.write(true, ByteBuffer.wrap(body), callback);
  }

  void send(ApiException error) {
    send(error.status(), error.body());
  }

  /** Starts a streamed response; {@link #finish} ends it. */
  OutputStream stream(int status, String contentType) {
    sent = true;
    response.setStatus(status);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, contentType);
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache");
    return Content.Sink.asOutputStream(response);
  }

  void finish() {
    callback.succeeded();
  }

  void fail(Throwable cause) {
    callback.failed(cause);
  }

  boolean sent() {
    return sent;
  }
}

package dev.freshwire.it.sample;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;

/** The calls to Supabase that the trading agent makes. Thread-safe. */
final class SupabaseClient {

  private static final MediaType JSON = MediaType.get("application/json; charset=utf-8");

  private final ObjectMapper mapper = new ObjectMapper();
  private final OkHttpClient client;
  private final OkHttpClient carefulClient;
  private final HttpUrl url;
  private final String key;

  SupabaseClient(String url, String key) {
    this.url = HttpUrl.get(url);
    this.key = key;
    client = new OkHttpClient.Builder().readTimeout(2, TimeUnit.SECONDS).build();
    // What books a position must not be sent twice, so OkHttp is told not to try again.
    carefulClient = client.newBuilder().retryOnConnectionFailure(false).build();
  }

  /** Reads rows; {@code query} is PostgREST's, such as {@code symbol=eq.AAA&limit=1}. */
  int select(String requestId, String table, String query) throws IOException {
    return send(client, rest(table, query).header("X-Request-Id", requestId).get());
  }

  int insert(String requestId, String table, String json) throws IOException {
    return send(client, rest(table, "").header("X-Request-Id", requestId).post(body(json)));
  }

  int update(String requestId, String table, String query, String json) throws IOException {
    return send(
        carefulClient, rest(table, query).header("X-Request-Id", requestId).patch(body(json)));
  }

  int delete(String requestId, String table, String query) throws IOException {
    return send(carefulClient, rest(table, query).header("X-Request-Id", requestId).delete());
  }

  int call(String requestId, String function, String json) throws IOException {
    return send(
        client, rest("rpc/" + function, "").header("X-Request-Id", requestId).post(body(json)));
  }

  /** Asks for advice and reads the streamed answer to its end. */
  int advice(String requestId, String json) throws IOException {
    Request request =
        authorized(url.newBuilder().addPathSegments("functions/v1/advise").build())
            .header("X-Request-Id", requestId)
            .header("Accept", "text/event-stream")
            .post(body(json))
            .build();
    try (Response response = client.newCall(request).execute()) {
      boolean complete = false;
      try (BufferedReader lines = new BufferedReader(response.body().charStream())) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          complete |= line.equals("data: [DONE]");
        }
      }
      if (response.isSuccessful() && !complete) {
        throw new IOException("the streamed answer is incomplete");
      }
      return response.code();
    }
  }

  WebSocket listen(String requestId, WebSocketListener listener) {
    HttpUrl realtime =
        url.newBuilder()
            .addPathSegments("realtime/v1/websocket")
            .addQueryParameter("apikey", key)
            .addQueryParameter("vsn", "1.0.0")
            .build();
    return client.newWebSocket(
        new Request.Builder().url(realtime).header("X-Request-Id", requestId).build(), listener);
  }

  /** Gives the threads back; the process can end. */
  void close() {
    client.dispatcher().executorService().shutdown();
  }

  private int send(OkHttpClient with, Request.Builder request) throws IOException {
    try (Response response = with.newCall(request.build()).execute()) {
      String text = response.body().string();
      if (!text.isEmpty()) {
        JsonNode parsed = mapper.readTree(text);
        if (response.isSuccessful() && parsed == null) {
          throw new IOException("not JSON: " + text);
        }
      }
      return response.code();
    }
  }

  private Request.Builder rest(String path, String query) {
    return authorized(
        url.newBuilder()
            .addPathSegments("rest/v1/" + path)
            .encodedQuery(query.isEmpty() ? null : query)
            .build());
  }

  private Request.Builder authorized(HttpUrl target) {
    return new Request.Builder()
        .url(target)
        .header("apikey", key)
        .header("Authorization", "Bearer " + key);
  }

  private static RequestBody body(String json) {
    return RequestBody.create(json, JSON);
  }
}

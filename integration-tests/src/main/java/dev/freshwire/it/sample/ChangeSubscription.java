package dev.freshwire.it.sample;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import org.jspecify.annotations.Nullable;

/** Listens to the inserts into one table over Realtime, and keeps the connection alive. */
final class ChangeSubscription extends WebSocketListener implements AutoCloseable {

  private static final long WAIT_SECONDS = 5;

  private final ObjectMapper mapper = new ObjectMapper();
  private final String topic;
  private final String table;
  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final ScheduledExecutorService heartbeat =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "heartbeat");
            thread.setDaemon(true);
            return thread;
          });
  private @Nullable WebSocket socket;
  private @Nullable Future<?> beating;

  ChangeSubscription(String table) {
    this.table = table;
    this.topic = "realtime:" + table;
  }

  /** Connects, joins, and returns once the server confirmed. */
  int open(SupabaseClient supabase, String requestId, long heartbeatMillis)
      throws IOException, InterruptedException {
    WebSocket opened = supabase.listen(requestId, this);
    socket = opened;
    await("open");
    send(
        opened,
        "phx_join",
        "{\"config\":{\"postgres_changes\":[{\"event\":\"INSERT\",\"schema\":\"public\","
            + "\"table\":\""
            + table
            + "\"}]}}");
    await("joined");
    beating =
        heartbeat.scheduleAtFixedRate(
            () -> send(opened, "heartbeat", "{}"),
            heartbeatMillis,
            heartbeatMillis,
            TimeUnit.MILLISECONDS);
    return 200;
  }

  /** Waits until the insert of the row with this {@code ref} is announced. */
  void awaitInsert(String ref) throws IOException, InterruptedException {
    await("INSERT " + ref);
  }

  private void await(String event) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(WAIT_SECONDS);
    while (true) {
      String next = events.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        throw new IOException("no realtime event");
      }
      if (next.startsWith("failed")) {
        throw new IOException("realtime " + next);
      }
      if (next.equals(event)) {
        return;
      }
    }
  }

  private void send(WebSocket to, String event, String payload) {
    String target = event.equals("heartbeat") ? "phoenix" : topic;
    to.send(
        "{\"topic\":\""
            + target
            + "\",\"event\":\""
            + event
            + "\",\"payload\":"
            + payload
            + ",\"ref\":\"1\",\"join_ref\":\"1\"}");
  }

  @Override
  public void onOpen(WebSocket webSocket, Response response) {
    events.add("open");
  }

  @Override
  public void onMessage(WebSocket webSocket, String text) {
    try {
      JsonNode message = mapper.readTree(text);
      String event = message.path("event").asText();
      if (event.equals("phx_reply") && message.path("topic").asText().equals(topic)) {
        events.add("joined");
      } else if (event.equals("postgres_changes")) {
        JsonNode data = message.path("payload").path("data");
        events.add(data.path("type").asText() + " " + data.path("record").path("ref").asText());
      }
    } catch (JsonProcessingException e) {
      events.add("failed: " + e.getMessage());
    }
  }

  @Override
  public void onFailure(WebSocket webSocket, Throwable cause, @Nullable Response response) {
    events.add("failed: " + cause);
  }

  @Override
  public void close() {
    Future<?> beats = beating;
    if (beats != null) {
      beats.cancel(false);
    }
    heartbeat.shutdown();
    WebSocket opened = socket;
    if (opened != null) {
      opened.close(1000, null);
    }
  }
}

package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;

/**
 * One Realtime connection: Phoenix channels over a WebSocket. Answers heartbeats, joins and leaves,
 * and sends every change that a joined channel asked for. Speaks both serialisations: objects
 * ({@code vsn=1.0.0}) and arrays ({@code vsn=2.0.0}).
 */
public final class RealtimeSocket implements Session.Listener.AutoDemanding, ChangeFeed.Listener {

  private record Binding(int id, String event, String schema, String table, String filter) {

    boolean wants(ChangeFeed.Change change) {
      return (event.equals("*") || event.equals(change.type()))
          && (schema.equals("*") || schema.equals("public"))
          && (table.isEmpty() || table.equals("*") || table.equals(change.table().name()))
          && (filter.isEmpty() || passes(change));
    }

    /** {@code column=eq.value}, the filter that is used; others let everything pass. */
    private boolean passes(ChangeFeed.Change change) {
      int at = filter.indexOf("=eq.");
      return at < 0
          || filter
              .substring(at + 4)
              .equals(change.record().path(filter.substring(0, at)).asText());
    }
  }

  private record Channel(@Nullable String joinRef, Map<Integer, Binding> bindings) {}

  private final ChangeFeed feed;
  private final InstantSource clock;
  private final boolean arrays;
  private final Map<String, Channel> channels = new ConcurrentHashMap<>();
  private @Nullable Session session;

  RealtimeSocket(ChangeFeed feed, InstantSource clock, boolean arrays) {
    this.feed = feed;
    this.clock = clock;
    this.arrays = arrays;
  }

  @Override
  public void onWebSocketOpen(Session opened) {
    session = opened;
    feed.add(this);
  }

  @Override
  public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
    feed.remove(this);
    callback.succeed();
  }

  @Override
  public void onWebSocketError(Throwable cause) {
    feed.remove(this);
  }

  @Override
  public void onWebSocketText(String text) {
    try {
      JsonNode message = Json.parse(text);
      if (message.isArray()) {
        received(
            text(message.get(0)),
            text(message.get(1)),
            message.get(2).asText(),
            message.get(3).asText(),
            message.get(4));
      } else {
        received(
            text(message.path("join_ref")),
            text(message.path("ref")),
            message.path("topic").asText(),
            message.path("event").asText(),
            message.path("payload"));
      }
    } catch (IOException e) {
      Session current = session;
      if (current != null) {
        current.close(1003, "not JSON", Callback.NOOP);
      }
    }
  }

  private static @Nullable String text(JsonNode node) {
    return node.isNull() || node.isMissingNode() ? null : node.asText();
  }

  private void received(
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String event,
      JsonNode payload) {
    switch (event) {
      case "heartbeat" -> reply(null, ref, topic, Json.object());
      case "phx_join" -> join(joinRef == null ? ref : joinRef, ref, topic, payload);
      case "phx_leave" -> {
        channels.remove(topic);
        reply(joinRef, ref, topic, Json.object());
        send(joinRef, ref, topic, "phx_close", Json.object());
      }
      default -> {
        // access_token, presence and broadcasts need no answer here.
      }
    }
  }

  private void join(
      @Nullable String joinRef, @Nullable String ref, String topic, JsonNode payload) {
    Map<Integer, Binding> bindings = new ConcurrentHashMap<>();
    ObjectNode response = Json.object();
    ArrayNode confirmed = response.putArray("postgres_changes");
    for (JsonNode asked : payload.path("config").path("postgres_changes")) {
      int id = 1000 + bindings.size();
      Binding binding =
          new Binding(
              id,
              asked.path("event").asText("*").toUpperCase(java.util.Locale.ROOT),
              asked.path("schema").asText("*"),
              asked.path("table").asText(""),
              asked.path("filter").asText(""));
      bindings.put(id, binding);
      // The client compares what it asked for with what is confirmed, field by field.
      ObjectNode echoed = asked.deepCopy();
      echoed.put("id", id);
      confirmed.add(echoed);
    }
    channels.put(topic, new Channel(joinRef, bindings));
    reply(joinRef, ref, topic, response);
    if (!bindings.isEmpty()) {
      send(
          joinRef,
          null,
          topic,
          "system",
          Json.object()
              .put("channel", topic)
              .put("extension", "postgres_changes")
              .put("message", "Subscribed to PostgreSQL")
              .put("status", "ok"));
    }
  }

  @Override
  public void changed(ChangeFeed.Change change) {
    channels.forEach(
        (topic, channel) -> {
          ArrayNode ids = Json.array();
          channel.bindings().values().stream()
              .filter(binding -> binding.wants(change))
              .forEach(binding -> ids.add(binding.id()));
          if (ids.isEmpty()) {
            return;
          }
          ObjectNode payload = Json.object();
          payload.set("ids", ids);
          ObjectNode data = payload.putObject("data");
          data.put("schema", "public");
          data.put("table", change.table().name());
          data.put("type", change.type());
          data.put("commit_timestamp", clock.instant().toString());
          data.set("columns", change.table().describe());
          data.set("record", change.record());
          if (change.old() != null) {
            data.set("old_record", change.old());
          }
          data.set("errors", NullNode.instance);
          send(channel.joinRef(), null, topic, "postgres_changes", payload);
        });
  }

  private void reply(
      @Nullable String joinRef, @Nullable String ref, String topic, ObjectNode response) {
    ObjectNode payload = Json.object().put("status", "ok");
    payload.set("response", response);
    send(joinRef, ref, topic, "phx_reply", payload);
  }

  private void send(
      @Nullable String joinRef,
      @Nullable String ref,
      String topic,
      String event,
      ObjectNode payload) {
    JsonNode message;
    if (arrays) {
      message = Json.array().add(joinRef).add(ref).add(topic).add(event).add(payload);
    } else {
      ObjectNode object = Json.object().put("topic", topic).put("event", event).put("ref", ref);
      object.set("payload", payload);
      if (joinRef != null) {
        object.put("join_ref", joinRef);
      }
      message = object;
    }
    Session current = session;
    if (current != null && current.isOpen()) {
      current.sendText(message.toString(), Callback.NOOP);
    }
  }
}

package dev.freshwire.it.twin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RealtimeSocketTest {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final String JOIN =
      "{\"config\":{\"postgres_changes\":[{\"event\":\"*\",\"schema\":\"public\","
          + "\"table\":\"positions\"}]}}";

  private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
  private SupabaseTwin twin;

  @BeforeEach
  void start() {
    twin = SupabaseTwin.builder().start();
  }

  @AfterEach
  void stop() {
    twin.close();
  }

  @ParameterizedTest
  @EnumSource(Protocol.class)
  void sendsTheChangesOfTheTableThatWasJoined(Protocol protocol) throws Exception {
    TwinClient client = new TwinClient(twin, protocol);
    WebSocket socket = connect(client, "1.0.0");
    socket
        .sendText(
            "{\"topic\":\"realtime:x\",\"event\":\"phx_join\",\"payload\":"
                + JOIN
                + ",\"ref\":\"1\"}",
            true)
        .join();
    JsonNode reply = next();
    assertThat(reply.at("/payload/status").asText()).isEqualTo("ok");
    int id = reply.at("/payload/response/postgres_changes/0/id").asInt();
    assertThat(next().get("event").asText()).isEqualTo("system");

    client.send("POST", "/rest/v1/decisions", "{\"symbol\":\"AAA\",\"side\":\"buy\"}");
    client.send("POST", "/rest/v1/positions", "{\"symbol\":\"NEW\"}");
    client.send("PATCH", "/rest/v1/positions?symbol=eq.NEW", "{\"quantity\":7}");
    client.send("DELETE", "/rest/v1/positions?symbol=eq.NEW", "");

    JsonNode inserted = next();
    assertThat(inserted.at("/payload/ids/0").asInt()).isEqualTo(id);
    assertThat(inserted.at("/payload/data/type").asText()).isEqualTo("INSERT");
    assertThat(inserted.at("/payload/data/record/symbol").asText()).isEqualTo("NEW");
    JsonNode updated = next();
    assertThat(updated.at("/payload/data/record/quantity").asInt()).isEqualTo(7);
    JsonNode deleted = next();
    assertThat(deleted.at("/payload/data/type").asText()).isEqualTo("DELETE");
    assertThat(deleted.at("/payload/data/old_record/symbol").asText()).isEqualTo("NEW");
    socket.abort();
  }

  @Test
  void answersHeartbeatsInTheSerialisationOfArraysToo() throws Exception {
    WebSocket socket = connect(new TwinClient(twin, Protocol.H1), "2.0.0");

    socket.sendText("[null,\"7\",\"phoenix\",\"heartbeat\",{}]", true).join();

    JsonNode reply = next();
    assertThat(reply.get(1).asText()).isEqualTo("7");
    assertThat(reply.get(3).asText()).isEqualTo("phx_reply");
    assertThat(reply.get(4).get("status").asText()).isEqualTo("ok");
    socket.abort();
  }

  @Test
  void refusesASocketWithoutAKey() throws Exception {
    TwinClient client = new TwinClient(twin, Protocol.H1);

    assertThatThrownBy(() -> connect(client, "1.0.0&apikey=guess"))
        .isInstanceOf(CompletionException.class);
    assertThat(twin.traffic().unauthorized()).isOne();
  }

  private WebSocket connect(TwinClient client, String version) {
    String key = version.contains("apikey") ? "" : "&apikey=" + SupabaseTwin.ANON_KEY;
    URI uri = client.uri("/realtime/v1/websocket?vsn=" + version + key);
    URI socket = URI.create(uri.toString().replaceFirst("^http", "ws"));
    return client.http().newWebSocketBuilder().buildAsync(socket, new Receiver()).join();
  }

  private JsonNode next() throws Exception {
    String text = received.poll(10, TimeUnit.SECONDS);
    assertThat(text).as("a message within ten seconds").isNotNull();
    return MAPPER.readTree(text);
  }

  private final class Receiver implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(text.toString());
        text.setLength(0);
      }
      socket.request(1);
      return CompletableFuture.completedFuture(null);
    }
  }
}

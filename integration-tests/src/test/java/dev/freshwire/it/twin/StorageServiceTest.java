package dev.freshwire.it.twin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class StorageServiceTest {

  private static final String OBJECT = "/storage/v1/object/reports/2030/q1.txt";

  private SupabaseTwin twin;
  private TwinClient client;

  @BeforeEach
  void start() throws Exception {
    twin = SupabaseTwin.builder().protocols(Protocol.H1).start();
    client = new TwinClient(twin, Protocol.H1);
  }

  @AfterEach
  void stop() {
    twin.close();
  }

  @Test
  void returnsWhatWasUploaded() throws Exception {
    TwinClient.Answer stored =
        client.send("POST", OBJECT, "profit", "Content-Type", "text/plain", "X-Request-Id", "w1");
    TwinClient.Answer read = client.get(OBJECT);

    assertThat(stored.json().get("Key").asText()).isEqualTo("reports/2030/q1.txt");
    assertThat(read.response().body()).isEqualTo("profit");
    assertThat(read.header("Content-Type")).isEqualTo("text/plain");
    assertThat(twin.writes().appliedByRequest("w1")).isOne();
  }

  @Test
  void replacesAnObjectOnlyWhereThatWasAskedFor() throws Exception {
    client.send("POST", OBJECT, "one");

    TwinClient.Answer refused = client.send("POST", OBJECT, "two", "X-Request-Id", "w2");
    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.json().get("statusCode").asText()).isEqualTo("409");
    assertThat(twin.writes().arrivedByRequest("w2")).isOne();
    assertThat(twin.writes().appliedByRequest("w2")).isZero();

    assertThat(client.send("POST", OBJECT, "three", "x-upsert", "true").status()).isEqualTo(200);
    assertThat(client.get(OBJECT).response().body()).isEqualTo("three");
  }

  @Test
  void listsAndDeletes() throws Exception {
    client.send("POST", OBJECT, "one");

    assertThat(
            client
                .send("POST", "/storage/v1/object/list/reports", "{\"prefix\":\"2030\"}")
                .json()
                .get(0)
                .get("name")
                .asText())
        .isEqualTo("q1.txt");
    client.send("DELETE", "/storage/v1/object/reports", "{\"prefixes\":[\"2030/q1.txt\"]}");
    assertThat(client.get(OBJECT).json().get("statusCode").asText()).isEqualTo("404");
  }

  @Test
  void assemblesAResumableUploadAndRefusesAPieceThatWasSentTwice() throws Exception {
    TwinClient.Answer created =
        client.send(
            "POST",
            "/storage/v1/upload/resumable",
            "",
            "Upload-Length",
            "6",
            "Upload-Metadata",
            "bucketName cmVwb3J0cw==,objectName YS50eHQ=,contentType dGV4dC9wbGFpbg==");
    assertThat(created.status()).isEqualTo(201);
    String upload = created.header("Location").replaceFirst("http://[^/]*", "");

    assertThat(client.send("PATCH", upload, "abc", "Upload-Offset", "0").status()).isEqualTo(204);
    assertThat(client.send("PATCH", upload, "abc", "Upload-Offset", "0").status()).isEqualTo(409);
    assertThat(client.send("HEAD", upload, "").header("Upload-Offset")).isEqualTo("3");
    assertThat(client.send("PATCH", upload, "def", "Upload-Offset", "3").status()).isEqualTo(204);

    assertThat(client.get("/storage/v1/object/reports/a.txt").response().body())
        .isEqualTo("abcdef");
  }
}

package dev.freshwire.it.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RestServiceTest {

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

  @ParameterizedTest(name = "{0} selects {1}")
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          symbol=eq.AAA                                     | AAA
          symbol=neq.AAA                                    | BBB CCC DDD EEE
          price=gt.55.25                                    | AAA DDD
          price=gte.55.25                                   | AAA BBB DDD
          price=lt.12                                       | EEE
          price=lte.12                                      | CCC EEE
          symbol=like.A*                                    | AAA
          symbol=like.a*                                    | ''
          symbol=ilike.a*                                   | AAA
          symbol=in.(AAA,%22CCC%22)                         | AAA CCC
          symbol=not.in.(AAA,CCC)                           | BBB DDD EEE
          price=gt.10&price=lt.100                          | BBB CCC
          or=(symbol.eq.AAA,price.lt.4)                     | AAA EEE
          or=(symbol.eq.AAA,and(price.gt.50,price.lt.60))   | AAA BBB
          not.or=(symbol.eq.AAA,symbol.eq.BBB)              | CCC DDD EEE
          order=price.desc&limit=2                          | DDD AAA
          order=price&limit=2&offset=1                      | CCC BBB
          """)
  void filtersAndOrders(String query, String symbols) throws Exception {
    String ordered = query.contains("order") ? query : query + "&order=symbol";

    JsonNode rows = client.get("/rest/v1/prices?select=symbol&" + ordered).json();

    List<String> found = new ArrayList<>();
    rows.forEach(row -> found.add(row.path("symbol").asText()));
    assertThat(String.join(" ", found)).isEqualTo(symbols);
  }

  @ParameterizedTest(name = "details=is.{0} selects {1} rows")
  @CsvSource({"null, 4", "not_null, 1"})
  void findsNulls(String value, int rows) throws Exception {
    assertThat(client.get("/rest/v1/instruments?details=is." + value).json()).hasSize(rows);
  }

  @Test
  void returnsTypedValuesUnderTheNamesAskedFor() throws Exception {
    JsonNode row =
        client
            .get("/rest/v1/instruments?select=name,on:active,details&symbol=eq.AAA")
            .json()
            .get(0);

    assertThat(row.toString())
        .isEqualTo("{\"name\":\"Alpha\",\"on\":true,\"details\":{\"lot\":1}}");
  }

  @Test
  void countsARangeExactly() throws Exception {
    TwinClient.Answer answer =
        client.get("/rest/v1/prices?order=symbol", "Range", "1-2", "Prefer", "count=exact");

    assertThat(answer.status()).isEqualTo(206);
    assertThat(answer.header("Content-Range")).isEqualTo("1-2/5");
    assertThat(answer.json()).hasSize(2);
  }

  @Test
  void refusesARangeBeyondTheEnd() throws Exception {
    TwinClient.Answer answer = client.get("/rest/v1/prices?offset=9", "Prefer", "count=exact");

    assertThat(answer.status()).isEqualTo(416);
    assertThat(answer.json().get("code").asText()).isEqualTo("PGRST103");
  }

  @Test
  void countsWithoutABodyForHead() throws Exception {
    TwinClient.Answer answer = client.send("HEAD", "/rest/v1/prices", "", "Prefer", "count=exact");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("Content-Range")).isEqualTo("0-4/5");
    assertThat(answer.response().body()).isEmpty();
  }

  @Test
  void insertsOneRowAndReturnsIt() throws Exception {
    TwinClient.Answer answer =
        client.send(
            "POST",
            "/rest/v1/decisions?select=ref,quantity",
            "{\"ref\":\"r1\",\"symbol\":\"AAA\",\"side\":\"buy\",\"quantity\":3}",
            "Prefer",
            "return=representation",
            "X-Request-Id",
            "w1");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.json().toString()).isEqualTo("[{\"ref\":\"r1\",\"quantity\":3}]");
    assertThat(twin.writes().arrivedByRequest("w1")).isOne();
    assertThat(twin.writes().appliedByRequest("w1")).isOne();
    assertThat(twin.writes().insertedByRow("decisions/r1")).isOne();
  }

  @Test
  void insertsAnArrayAndReturnsNothingUnlessAsked() throws Exception {
    TwinClient.Answer answer =
        client.send(
            "POST",
            "/rest/v1/orders",
            "[{\"symbol\":\"AAA\",\"side\":\"buy\",\"quantity\":1},"
                + "{\"symbol\":\"BBB\",\"side\":\"sell\",\"quantity\":2}]",
            "Prefer",
            "return=minimal");

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.response().body()).isEmpty();
    assertThat(client.get("/rest/v1/orders").json()).hasSize(2);
  }

  @Test
  void countsAWriteThatIsSentTwiceAsAppliedTwice() throws Exception {
    for (int i = 0; i < 2; i++) {
      client.send(
          "POST",
          "/rest/v1/decisions",
          "{\"ref\":\"r1\",\"symbol\":\"AAA\",\"side\":\"buy\"}",
          "X-Request-Id",
          "w1");
    }

    assertThat(twin.writes().requestsAppliedTwice()).containsExactly("w1");
    assertThat(twin.writes().rowsInsertedTwice()).containsExactly("decisions/r1");
  }

  @Test
  void countsTheArrivalOfAWriteThatFails() throws Exception {
    TwinClient.Answer answer =
        client.send("POST", "/rest/v1/decisions", "{\"symbol\":\"AAA\"}", "X-Request-Id", "w1");

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("code").asText()).isEqualTo("23502");
    assertThat(twin.writes().arrivedByRequest("w1")).isOne();
    assertThat(twin.writes().appliedByRequest("w1")).isZero();
  }

  @Test
  void refusesADuplicateKey() throws Exception {
    TwinClient.Answer answer =
        client.send("POST", "/rest/v1/positions", "{\"symbol\":\"AAA\",\"quantity\":1}");

    assertThat(answer.status()).isEqualTo(409);
    assertThat(answer.json().get("code").asText()).isEqualTo("23505");
  }

  @ParameterizedTest(name = "resolution={0} leaves a quantity of {1}")
  @CsvSource({"merge-duplicates, 99", "ignore-duplicates, 10"})
  void upserts(String resolution, int quantity) throws Exception {
    TwinClient.Answer answer =
        client.send(
            "POST",
            "/rest/v1/positions?on_conflict=symbol",
            "[{\"symbol\":\"AAA\",\"quantity\":99},{\"symbol\":\"NEW\",\"quantity\":1}]",
            "Prefer",
            "resolution=" + resolution + ",return=representation");

    assertThat(answer.status()).isEqualTo(201);
    JsonNode rows = client.get("/rest/v1/positions?symbol=in.(AAA,NEW)&order=symbol").json();
    assertThat(rows).hasSize(2);
    assertThat(rows.get(0).get("quantity").asInt()).isEqualTo(quantity);
  }

  @Test
  void updatesTheFilteredRowsOnly() throws Exception {
    TwinClient.Answer answer =
        client.send("PATCH", "/rest/v1/positions?symbol=eq.AAA", "{\"quantity\":77}");

    assertThat(answer.status()).isEqualTo(204);
    assertThat(client.get("/rest/v1/positions?quantity=eq.77").json()).hasSize(1);
  }

  @Test
  void deletesAndReturnsWhatWasThere() throws Exception {
    TwinClient.Answer answer =
        client.send(
            "DELETE", "/rest/v1/positions?symbol=eq.AAA", "", "Prefer", "return=representation");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.json().get(0).get("quantity").asInt()).isEqualTo(10);
    assertThat(client.get("/rest/v1/positions?symbol=eq.AAA").json()).isEmpty();
  }

  @Test
  void answersWithASingleObjectWhereOneIsAskedFor() throws Exception {
    TwinClient.Answer answer =
        client.get(
            "/rest/v1/prices?symbol=eq.CCC&select=symbol",
            "Accept",
            "application/vnd.pgrst.object+json");

    assertThat(answer.header("Content-Type")).startsWith("application/vnd.pgrst.object+json");
    assertThat(answer.json().toString()).isEqualTo("{\"symbol\":\"CCC\"}");
  }

  @Test
  void undoesAWriteThatIsNotTheSingleObjectAskedFor() throws Exception {
    TwinClient.Answer answer =
        client.send(
            "DELETE",
            "/rest/v1/positions",
            "",
            "Accept",
            "application/vnd.pgrst.object+json",
            "X-Request-Id",
            "w1");

    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.json().get("code").asText()).isEqualTo("PGRST116");
    assertThat(client.get("/rest/v1/positions").json()).hasSize(3);
    assertThat(twin.writes().appliedByRequest("w1")).isZero();
  }

  @ParameterizedTest(name = "{0} is {1} {2}")
  @CsvSource({
    "/rest/v1/nothing, 404, PGRST205",
    "/rest/v1/prices?nothing=eq.1, 400, 42703",
    "/rest/v1/prices?select=nothing, 400, 42703",
    "/rest/v1/prices?price=eq.much, 400, 22P02",
    "/rest/v1/prices?price=above.1, 400, PGRST100",
    "/rest/v1/prices?order=price.up, 400, PGRST100",
    "/rest/v1/rpc/nothing, 404, PGRST202",
  })
  void saysWhatIsWrongInPostgrestsWords(String path, int status, String code) throws Exception {
    TwinClient.Answer answer = client.get(path);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.json().get("code").asText()).isEqualTo(code);
    assertThat(answer.json().has("message")).isTrue();
    assertThat(answer.json().has("details")).isTrue();
    assertThat(answer.json().has("hint")).isTrue();
  }

  @Test
  void callsAReadOnlyFunctionByGetAndByPost() throws Exception {
    assertThat(client.get("/rest/v1/rpc/get_portfolio_value").json().asDouble()).isEqualTo(4015);
    assertThat(
            client
                .send("POST", "/rest/v1/rpc/get_echo", "{\"a\":1}", "X-Request-Id", "r1")
                .json()
                .get("a")
                .asInt())
        .isOne();
    assertThat(twin.writes().arrived()).isZero();
  }

  @Test
  void countsACallThatWrites() throws Exception {
    String settle = "{\"p_symbol\":\"AAA\",\"p_quantity\":5}";

    JsonNode rows =
        client.send("POST", "/rest/v1/rpc/settle_position", settle, "X-Request-Id", "w1").json();

    assertThat(rows.get(0).get("quantity").asInt()).isEqualTo(15);
    assertThat(twin.writes().appliedByRequest("w1")).isOne();
    assertThat(client.get("/rest/v1/rpc/settle_position").status()).isEqualTo(405);
  }

  @Test
  void refusesARequestWithoutAKeyOrWithAWrongOne() throws Exception {
    assertThat(client.sendBare("GET", "/rest/v1/prices", "").status()).isEqualTo(401);
    assertThat(client.sendBare("GET", "/rest/v1/prices", "", "apikey", "guess").status())
        .isEqualTo(401);
    assertThat(client.get("/rest/v1/prices", "Authorization", "Bearer guess").status())
        .isEqualTo(401);
    assertThat(
            client
                .get("/rest/v1/prices", "Authorization", "Bearer " + SupabaseTwin.ANON_KEY)
                .status())
        .isEqualTo(200);
    assertThat(twin.traffic().unauthorized()).isEqualTo(3);
  }
}

package dev.freshwire.it.twin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AuthServiceTest {

  private static final String SIGN_IN =
      "{\"email\":\""
          + SupabaseTwin.USER_EMAIL
          + "\",\"password\":\""
          + SupabaseTwin.USER_PASSWORD
          + "\"}";

  private final SettableClock clock = new SettableClock();
  private SupabaseTwin twin;
  private TwinClient client;

  @BeforeEach
  void start() throws Exception {
    twin =
        SupabaseTwin.builder()
            .protocols(Protocol.H1)
            .clock(clock)
            .accessTokenLifetime(Duration.ofMinutes(1))
            .start();
    client = new TwinClient(twin, Protocol.H1);
  }

  @AfterEach
  void stop() {
    twin.close();
  }

  @Test
  void signsInWithAPassword() throws Exception {
    JsonNode session = signIn();

    assertThat(session.get("expires_in").asInt()).isEqualTo(60);
    JsonNode user = client.get("/auth/v1/user", bearer(session)).json();
    assertThat(user.get("email").asText()).isEqualTo(SupabaseTwin.USER_EMAIL);
    assertThat(client.get("/rest/v1/prices", bearer(session)).status()).isEqualTo(200);
  }

  @Test
  void refusesAWrongPassword() throws Exception {
    TwinClient.Answer answer =
        client.send(
            "POST", "/auth/v1/token?grant_type=password", SIGN_IN.replace("correct", "wrong"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.json().get("error_code").asText()).isEqualTo("invalid_credentials");
  }

  @Test
  void rotatesTheRefreshToken() throws Exception {
    JsonNode first = signIn();
    JsonNode second = refresh(first).json();
    JsonNode third = refresh(second).json();

    assertThat(second.get("refresh_token")).isNotEqualTo(first.get("refresh_token"));
    assertThat(third.get("refresh_token")).isNotEqualTo(second.get("refresh_token"));
    assertThat(twin.refreshes()).isEqualTo(2);
    assertThat(twin.revocations()).isZero();
  }

  @Test
  void forgivesASecondUseWithinTheReuseInterval() throws Exception {
    JsonNode first = signIn();
    JsonNode second = refresh(first).json();
    JsonNode third = refresh(second).json();
    clock.advance(Duration.ofSeconds(10));

    TwinClient.Answer again = refresh(first);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("refresh_token")).isEqualTo(third.get("refresh_token"));
    assertThat(twin.revocations()).isZero();
  }

  @Test
  void acceptsTheParentOfTheActiveTokenAtAnyTime() throws Exception {
    JsonNode first = signIn();
    JsonNode second = refresh(first).json();
    clock.advance(Duration.ofHours(1));

    TwinClient.Answer again = refresh(first);

    assertThat(again.status()).isEqualTo(200);
    assertThat(again.json().get("refresh_token")).isEqualTo(second.get("refresh_token"));
    assertThat(twin.revocations()).isZero();
  }

  @Test
  void revokesTheSessionWhenAnOldTokenIsUsedAgain() throws Exception {
    JsonNode first = signIn();
    JsonNode third = refresh(refresh(first).json()).json();
    clock.advance(Duration.ofSeconds(11));

    TwinClient.Answer again = refresh(first);

    assertThat(again.status()).isEqualTo(400);
    assertThat(again.json().get("error_code").asText()).isEqualTo("refresh_token_already_used");
    assertThat(twin.revocations()).isOne();
    assertThat(refresh(third).status()).isEqualTo(400);
    assertThat(client.get("/auth/v1/user", bearer(third)).status()).isEqualTo(403);
  }

  @Test
  void endsTheSessionAtSignOut() throws Exception {
    JsonNode session = signIn();

    assertThat(client.send("POST", "/auth/v1/logout", "", bearer(session)).status()).isEqualTo(204);

    assertThat(client.get("/auth/v1/user", bearer(session)).status()).isEqualTo(403);
    assertThat(refresh(session).status()).isEqualTo(400);
    assertThat(twin.revocations()).isZero();
  }

  @Test
  void refusesAnExpiredAccessToken() throws Exception {
    JsonNode session = signIn();
    clock.advance(Duration.ofMinutes(1));

    TwinClient.Answer answer = client.get("/rest/v1/prices", bearer(session));

    assertThat(answer.status()).isEqualTo(401);
    assertThat(answer.json().get("message").asText()).isEqualTo("JWT expired");
  }

  @Test
  void exchangesACodeForASessionWithTheRightVerifierOnly() throws Exception {
    String verifier = "a verifier that only this client knows";
    String path = "/auth/v1/token?grant_type=pkce";

    String good = code(verifier);
    TwinClient.Answer granted =
        client.send(
            "POST",
            path,
            "{\"auth_code\":\"" + good + "\",\"code_verifier\":\"" + verifier + "\"}");
    TwinClient.Answer refused =
        client.send(
            "POST",
            path,
            "{\"auth_code\":\"" + code(verifier) + "\",\"code_verifier\":\"a guess\"}");

    assertThat(granted.status()).isEqualTo(200);
    assertThat(granted.json().hasNonNull("refresh_token")).isTrue();
    assertThat(refused.status()).isEqualTo(400);
  }

  private String code(String verifier) throws Exception {
    byte[] hash =
        MessageDigest.getInstance("SHA-256").digest(verifier.getBytes(StandardCharsets.US_ASCII));
    TwinClient.Answer answer =
        client.sendBare(
            "GET",
            "/auth/v1/authorize?provider=github&redirect_to=app://back&code_challenge_method=s256"
                + "&code_challenge="
                + Base64.getUrlEncoder().withoutPadding().encodeToString(hash),
            "");
    assertThat(answer.status()).isEqualTo(302);
    return answer.header("Location").replace("app://back?code=", "");
  }

  private JsonNode signIn() throws Exception {
    return client.send("POST", "/auth/v1/token?grant_type=password", SIGN_IN).json();
  }

  private TwinClient.Answer refresh(JsonNode session) throws Exception {
    return client.send(
        "POST",
        "/auth/v1/token?grant_type=refresh_token",
        "{\"refresh_token\":\"" + session.get("refresh_token").asText() + "\"}");
  }

  private static String[] bearer(JsonNode session) {
    return new String[] {"Authorization", "Bearer " + session.get("access_token").asText()};
  }

  private static final class SettableClock implements InstantSource {
    private volatile Instant now = Instant.parse("2030-01-01T00:00:00Z");

    void advance(Duration by) {
      now = now.plus(by);
    }

    @Override
    public Instant instant() {
      return now;
    }
  }
}

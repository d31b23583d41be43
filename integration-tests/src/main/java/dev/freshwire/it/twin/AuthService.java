package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Supabase Auth under {@code /auth/v1}: sign-in, refresh, PKCE, the user, sign-out. */
final class AuthService implements Service {

  private record Account(String id, String password) {}

  private record Challenge(String email, String codeChallenge, String method) {}

  private final Tokens tokens;
  private final AuthSessions sessions;
  private final InstantSource clock;
  private final Duration lifetime;
  private final Map<String, Account> accounts = new ConcurrentHashMap<>();
  private final Map<String, Challenge> codes = new ConcurrentHashMap<>();

  AuthService(Tokens tokens, AuthSessions sessions, InstantSource clock, Duration lifetime) {
    this.tokens = tokens;
    this.sessions = sessions;
    this.clock = clock;
    this.lifetime = lifetime;
  }

  void addUser(String email, String password) {
    accounts.put(email, new Account(UUID.randomUUID().toString(), password));
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    String route = exchange.method() + " " + exchange.pathAfter("/auth/v1");
    switch (route) {
      case "POST token" -> token(exchange);
      case "POST signup" -> signUp(exchange);
      case "GET authorize" -> authorize(exchange);
      case "GET user", "PUT user" -> {
        AuthSessions.Session session = session(exchange);
        exchange.send(200, user(session.userId(), session.email()));
      }
      case "POST logout" -> {
        sessions.end(session(exchange).id());
        exchange.send(204);
      }
      case "GET health" -> exchange.send(200, Json.object().put("name", "GoTrue"));
      default -> throw ApiException.auth(404, "not_found", "Not found");
    }
  }

  private void token(Exchange exchange) throws Exception {
    JsonNode body = exchange.json();
    String grant = exchange.query("grant_type");
    AuthSessions.Refreshed granted =
        switch (grant == null ? "" : grant) {
          case "password" -> password(body);
          case "refresh_token" -> sessions.refresh(body.path("refresh_token").asText());
          case "pkce" -> pkce(body);
          default -> throw ApiException.auth(400, "validation_failed", "unsupported_grant_type");
        };
    exchange.send(200, granted(granted));
  }

  private AuthSessions.Refreshed password(JsonNode body) throws ApiException {
    String email = body.path("email").asText();
    Account account = accounts.get(email);
    if (account == null || !account.password().equals(body.path("password").asText())) {
      throw ApiException.auth(400, "invalid_credentials", "Invalid login credentials");
    }
    return sessions.start(account.id(), email);
  }

  private AuthSessions.Refreshed pkce(JsonNode body) throws Exception {
    Challenge challenge = codes.remove(body.path("auth_code").asText());
    if (challenge == null) {
      throw ApiException.auth(
          404, "flow_state_not_found", "invalid flow state, no valid flow state found");
    }
    String verifier = body.path("code_verifier").asText();
    String expected =
        challenge.method().equalsIgnoreCase("plain")
            ? verifier
            : Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString(
                    MessageDigest.getInstance("SHA-256")
                        .digest(verifier.getBytes(StandardCharsets.US_ASCII)));
    if (!expected.equals(challenge.codeChallenge())) {
      throw ApiException.auth(
          400, "bad_code_verifier", "code challenge does not match previously saved code verifier");
    }
    Account account = accounts.get(challenge.email());
    if (account == null) {
      throw ApiException.auth(404, "user_not_found", "User not found");
    }
    return sessions.start(account.id(), challenge.email());
  }

  private void signUp(Exchange exchange) throws Exception {
    JsonNode body = exchange.json();
    String email = body.path("email").asText();
    Account created = new Account(UUID.randomUUID().toString(), body.path("password").asText());
    if (email.isEmpty() || accounts.putIfAbsent(email, created) != null) {
      throw ApiException.auth(422, "user_already_exists", "User already registered");
    }
    exchange.send(200, granted(sessions.start(created.id(), email)));
  }

  /**
   * The provider's page, as if the user had consented at once: redirects back with a code. The user
   * is named by {@code login_hint}, or is the first one known.
   */
  private void authorize(Exchange exchange) throws ApiException {
    String challenge = exchange.query("code_challenge");
    String redirect = exchange.query("redirect_to");
    String hint = exchange.query("login_hint");
    String email = hint != null ? hint : accounts.keySet().stream().sorted().findFirst().orElse("");
    if (challenge == null || redirect == null) {
      throw ApiException.auth(
          400, "validation_failed", "code_challenge and redirect_to are required");
    }
    String code = UUID.randomUUID().toString();
    String method = exchange.query("code_challenge_method");
    codes.put(code, new Challenge(email, challenge, method == null ? "s256" : method));
    exchange
        .respondWith(
            "Location",
            redirect
                + (redirect.contains("?") ? "&" : "?")
                + "code="
                + URLEncoder.encode(code, StandardCharsets.UTF_8))
        .send(302);
  }

  private AuthSessions.Session session(Exchange exchange) throws ApiException {
    String bearer = exchange.bearer();
    JsonNode claims = bearer == null ? null : tokens.claims(bearer);
    if (claims == null || tokens.expired(claims) || !claims.has("session_id")) {
      throw ApiException.auth(403, "bad_jwt", "invalid JWT: unable to parse or verify signature");
    }
    String id = claims.get("session_id").asText();
    if (!sessions.alive(id)) {
      throw ApiException.auth(
          403, "session_not_found", "Session from session_id claim in JWT does not exist");
    }
    return new AuthSessions.Session(id, claims.path("sub").asText(), claims.path("email").asText());
  }

  private ObjectNode granted(AuthSessions.Refreshed granted) {
    AuthSessions.Session session = granted.session();
    long now = clock.instant().getEpochSecond();
    ObjectNode claims =
        Json.object()
            .put("aud", "authenticated")
            .put("exp", now + lifetime.toSeconds())
            .put("iat", now)
            .put("sub", session.userId())
            .put("email", session.email())
            .put("role", "authenticated")
            .put("session_id", session.id())
            // Distinguishes two tokens issued within one second.
            .put("jti", UUID.randomUUID().toString());
    ObjectNode answer =
        Json.object()
            .put("access_token", Tokens.sign(claims))
            .put("token_type", "bearer")
            .put("expires_in", lifetime.toSeconds())
            .put("expires_at", now + lifetime.toSeconds())
            .put("refresh_token", granted.refreshToken());
    answer.set("user", user(session.userId(), session.email()));
    return answer;
  }

  private ObjectNode user(String id, String email) {
    String now = clock.instant().toString();
    ObjectNode user =
        Json.object()
            .put("id", id)
            .put("aud", "authenticated")
            .put("role", "authenticated")
            .put("email", email)
            .put("phone", "")
            .put("email_confirmed_at", now)
            .put("confirmed_at", now)
            .put("last_sign_in_at", now)
            .put("created_at", now)
            .put("updated_at", now)
            .put("is_anonymous", false);
    user.putObject("app_metadata").put("provider", "email").putArray("providers").add("email");
    user.putObject("user_metadata");
    user.putArray("identities");
    return user;
  }
}

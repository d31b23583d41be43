package dev.freshwire.it.twin;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Sessions with refresh tokens that rotate. A token may be used once; a second use is forgiven
 * within the reuse interval, and for the parent of the active token at any time (a client that lost
 * the answer must be able to ask again). Any other second use revokes the session: it is how a
 * stolen token is noticed. Thread-safe.
 */
final class AuthSessions {

  /** A signed-in user. */
  record Session(String id, String userId, String email) {}

  /** The outcome of a refresh: the session and the token to go on with. */
  record Refreshed(Session session, String refreshToken) {}

  private static final class RefreshToken {
    final Session session;
    final String value = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    final @Nullable String parent;
    @Nullable Instant usedAt;

    RefreshToken(Session session, @Nullable String parent) {
      this.session = session;
      this.parent = parent;
    }
  }

  private final InstantSource clock;
  private final Duration reuseInterval;
  private final Map<String, List<RefreshToken>> tokensBySession = new HashMap<>();
  private final Map<String, RefreshToken> tokens = new HashMap<>();
  private int revocations;
  private int refreshes;

  AuthSessions(InstantSource clock, Duration reuseInterval) {
    this.clock = clock;
    this.reuseInterval = reuseInterval;
  }

  synchronized Refreshed start(String userId, String email) {
    Session session = new Session(UUID.randomUUID().toString(), userId, email);
    tokensBySession.put(session.id(), new ArrayList<>());
    return new Refreshed(session, issue(session, null).value);
  }

  synchronized Refreshed refresh(String value) throws ApiException {
    RefreshToken token = tokens.get(value);
    if (token == null) {
      throw ApiException.auth(
          400, "refresh_token_not_found", "Invalid Refresh Token: Refresh Token Not Found");
    }
    RefreshToken active = active(token.session);
    if (token.usedAt == null) {
      token.usedAt = clock.instant();
      refreshes++;
      return new Refreshed(token.session, issue(token.session, value).value);
    }
    if (active != null && value.equals(active.parent)) {
      return new Refreshed(token.session, active.value);
    }
    if (active != null && !clock.instant().isAfter(token.usedAt.plus(reuseInterval))) {
      return new Refreshed(token.session, active.value);
    }
    revocations++;
    end(token.session.id());
    throw ApiException.auth(
        400, "refresh_token_already_used", "Invalid Refresh Token: Already Used");
  }

  synchronized boolean alive(String sessionId) {
    return tokensBySession.containsKey(sessionId);
  }

  /** Ends a session: its refresh tokens are gone, its access token is no longer honoured. */
  synchronized void end(String sessionId) {
    List<RefreshToken> ended = tokensBySession.remove(sessionId);
    if (ended != null) {
      ended.forEach(token -> tokens.remove(token.value));
    }
  }

  /** Sessions revoked because a refresh token was used again. */
  synchronized int revocations() {
    return revocations;
  }

  /** Refreshes that rotated a token. */
  synchronized int refreshes() {
    return refreshes;
  }

  private RefreshToken issue(Session session, @Nullable String parent) {
    RefreshToken token = new RefreshToken(session, parent);
    tokens.put(token.value, token);
    tokensBySession.computeIfAbsent(session.id(), id -> new ArrayList<>()).add(token);
    return token;
  }

  private @Nullable RefreshToken active(Session session) {
    List<RefreshToken> all = tokensBySession.getOrDefault(session.id(), List.of());
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).usedAt == null) {
        return all.get(i);
      }
    }
    return null;
  }
}

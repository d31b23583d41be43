package dev.freshwire.it.twin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/** Signs and checks JSON Web Tokens (HS256), the API keys among them. */
final class Tokens {

  private static final byte[] SECRET =
      "a secret of at least thirty-two characters".getBytes(StandardCharsets.UTF_8);
  private static final Base64.Encoder ENCODER = Base64.getUrlEncoder().withoutPadding();
  private static final long FAR_FUTURE = 4_102_444_800L;

  private final InstantSource clock;

  Tokens(InstantSource clock) {
    this.clock = clock;
  }

  /** An API key: a token that names a role and never expires. */
  static String apiKey(String role) {
    return sign(Json.object().put("iss", "supabase").put("role", role).put("exp", FAR_FUTURE));
  }

  static String sign(ObjectNode claims) {
    ObjectNode header = Json.object().put("alg", "HS256").put("typ", "JWT");
    String signed =
        ENCODER.encodeToString(Json.bytes(header))
            + "."
            + ENCODER.encodeToString(Json.bytes(claims));
    return signed + "." + ENCODER.encodeToString(hmac(signed));
  }

  /** The claims of a token that this server signed, or null; expiry is for the caller to judge. */
  @Nullable JsonNode claims(String token) {
    int end = token.lastIndexOf('.');
    int dot = token.indexOf('.');
    if (dot < 0 || dot == end) {
      return null;
    }
    try {
      byte[] signature = Base64.getUrlDecoder().decode(token.substring(end + 1));
      if (!MessageDigest.isEqual(signature, hmac(token.substring(0, end)))) {
        return null;
      }
      return Json.parse(Base64.getUrlDecoder().decode(token.substring(dot + 1, end)));
    } catch (IllegalArgumentException | IOException e) {
      return null;
    }
  }

  boolean expired(JsonNode claims) {
    return claims.path("exp").asLong() <= clock.instant().getEpochSecond();
  }

  private static byte[] hmac(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(SECRET, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

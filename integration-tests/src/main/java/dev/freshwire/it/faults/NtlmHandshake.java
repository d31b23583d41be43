package dev.freshwire.it.faults;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Wants NTLM, three requests on one connection, and processes the last of them. */
public final class NtlmHandshake implements Fault {
  private static final String SCHEME = "NTLM ";
  private static final int STEPS = 3;
  private static final int KIND = 8;
  private static final int UNICODE = 1;

  @Override
  public void serve(Exchange exchange) {
    switch (kind(exchange.header("Authorization"))) {
      case 0 -> challenge(exchange, "NTLM");
      case 1 -> challenge(exchange, SCHEME + Base64.getEncoder().encodeToString(challenge()));
      default -> {
        if (exchange.requestNumber() == STEPS) {
          Faults.answer().serve(exchange);
        } else {
          Faults.reject(403, Map.of()).serve(exchange);
        }
      }
    }
  }

  private static void challenge(Exchange exchange, String challenge) {
    Faults.reject(401, Map.of("WWW-Authenticate", challenge)).serve(exchange);
  }

  /** Which of the client's messages this is; 0: none. */
  private static int kind(@Nullable String authorization) {
    return authorization == null || !authorization.startsWith(SCHEME)
        ? 0
        : Base64.getDecoder().decode(authorization.substring(SCHEME.length()).trim())[KIND];
  }

  /** The second message: a nonce, and neither a target nor anything about it. */
  private static byte[] challenge() {
    int end = 48;
    return ByteBuffer.allocate(end)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put("NTLMSSP\0".getBytes(StandardCharsets.US_ASCII))
        .putInt(2)
        .putInt(0)
        .putInt(end)
        .putInt(UNICODE)
        .putLong(0x0123456789abcdefL)
        .putLong(0)
        .putInt(0)
        .putInt(end)
        .array();
  }
}

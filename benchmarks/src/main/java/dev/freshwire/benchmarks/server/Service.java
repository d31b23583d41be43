package dev.freshwire.benchmarks.server;

import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a server speaks and how far away it is.
 *
 * @param rtt what a round trip takes; loopback's own are nothing beside it
 */
public record Service(Protocol protocol, Key key, Duration rtt) {

  /** How requests travel. */
  public enum Protocol {
    /** HTTP/1.1 without TLS. */
    PLAIN,
    /** HTTP/1.1 over TLS 1.3. */
    TLS,
    /** HTTP/2 over TLS 1.3, HTTP/1.1 for clients that do not offer it. */
    H2
  }

  /** Of the server's certificate. */
  public enum Key {
    /** ECDSA P-256. */
    ECDSA,
    /** RSA with 2048 bits. */
    RSA
  }

  /** On loopback, without TLS. */
  public static Service plain() {
    return new Service(Protocol.PLAIN, Key.ECDSA, Duration.ZERO);
  }

  /** Takes the names of the constants in any case. */
  public static Service of(String protocol, String key, long rttMillis) {
    return new Service(
        Protocol.valueOf(protocol.toUpperCase(Locale.ROOT)),
        Key.valueOf(key.toUpperCase(Locale.ROOT)),
        Duration.ofMillis(rttMillis));
  }

  /** What {@link #of} takes. */
  List<String> arguments() {
    return List.of(protocol.name(), key.name(), Long.toString(rtt.toMillis()));
  }
}

package dev.freshwire.policy;

import org.jspecify.annotations.Nullable;

/**
 * The server of a request: a normalised host name and a port. An immutable value.
 *
 * <p>The host is in lower case, without the brackets of an IPv6 literal and without the trailing
 * dot of a rooted name, and in its ASCII form if it is an international name.
 */
public final class Origin {
  private final String host;
  private final int port;

  private Origin(String host, int port) {
    this.host = host;
    this.port = port;
  }

  /** The origin of a host as any client may spell it. */
  public static Origin of(String host, int port) {
    return new Origin(HostNames.normalize(host), port);
  }

  /** For what stands for many origins and must be equal to no real one. */
  static Origin labelled(String label) {
    return new Origin(label, 0);
  }

  public String host() {
    return host;
  }

  /** The port, or 0 if it is not known. */
  public int port() {
    return port;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Origin
        && ((Origin) other).port == port
        && ((Origin) other).host.equals(host);
  }

  @Override
  public int hashCode() {
    return host.hashCode() * 31 + port;
  }

  /** {@code host:port}, with brackets around an IPv6 literal. */
  @Override
  public String toString() {
    String shown = host.indexOf(':') < 0 ? host : "[" + host + "]";
    return port == 0 ? shown : shown + ":" + port;
  }
}

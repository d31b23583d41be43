package dev.freshwire.it.twin;

/** What the twin speaks on a port. */
public enum Protocol {
  /** HTTP/1.1 in clear. */
  H1,
  /** HTTP/1.1 over TLS 1.3; HTTP/2 is not offered. */
  TLS,
  /** HTTP/2 over TLS 1.3, negotiated by ALPN; HTTP/1.1 stays on offer, as WebSockets need it. */
  H2;

  /** The scheme of a URL of this protocol. */
  public String scheme() {
    return this == H1 ? "http" : "https";
  }
}

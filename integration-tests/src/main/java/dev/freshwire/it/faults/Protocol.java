package dev.freshwire.it.faults;

/** How a {@link FaultServer} speaks; each server speaks one, so that a client has no choice. */
public enum Protocol {
  H1("h1"),
  TLS_H1("TLS h1"),
  TLS_H2("TLS h2");

  private final String title;

  Protocol(String title) {
    this.title = title;
  }

  public boolean tls() {
    return this != H1;
  }

  public String scheme() {
    return tls() ? "https" : "http";
  }

  @Override
  public String toString() {
    return title;
  }
}

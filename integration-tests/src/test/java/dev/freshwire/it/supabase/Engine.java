package dev.freshwire.it.supabase;

import dev.freshwire.it.harness.PackagedAgent;

/** What Ktor makes its connections with. */
enum Engine {
  CIO("ktorcio"),
  OKHTTP("okhttp"),
  JAVA("java.net.http"),
  APACHE5("apache5");

  private final String client;

  Engine(String client) {
    this.client = client;
  }

  /** Whether the packaged agent knows the client below it. */
  boolean isEnforced() {
    return PackagedAgent.knows(client);
  }

  boolean hasWebSockets() {
    return this != APACHE5;
  }
}

package dev.freshwire.it.supabase;

/** What Ktor makes its connections with. */
enum Engine {
  CIO,
  OKHTTP,
  JAVA,
  APACHE5;

  boolean hasWebSockets() {
    return this != APACHE5;
  }
}

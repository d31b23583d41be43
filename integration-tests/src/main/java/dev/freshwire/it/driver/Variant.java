package dev.freshwire.it.driver;

/** How an application has built its client where it did not leave it to the library. */
public enum Variant {
  PLAIN,
  /** With a connection manager that has one connection. */
  SINGLE_CONNECTION,
  /** With a connection manager that the application wrote, around one of the library's. */
  OWN_MANAGER,
  /** With a reuse strategy and a keep-alive strategy that keep every connection for an hour. */
  KEEPS_EVERYTHING,
  /** With a retry strategy that sends everything again, once, on 503. */
  RETRIES_EVERYTHING,
  /** As the system properties say, which name the proxy. */
  SYSTEM_PROPERTIES,
  /** With credentials for NTLM. */
  NTLM,
  /** With a scheme of the application's own for Negotiate, as for Kerberos. */
  NEGOTIATE,
  /** With an authenticator that is given its token by a POST of its own to {@code /token}. */
  ASKS_FOR_TOKENS,
  /** With an interceptor that does the same before every request is sent. */
  ASKS_AHEAD,
  /** As that, of a host by address. */
  ASKS_AHEAD_ELSEWHERE,
  /** With an interceptor that reads every response, and throws an exception where that is 403. */
  LOOKS_INSIDE,
  /** With an interceptor that closes the connection when a request is about to be sent on it. */
  CLOSES_AHEAD
}

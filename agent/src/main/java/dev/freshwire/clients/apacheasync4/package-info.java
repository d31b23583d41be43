/**
 * Apache HttpAsyncClient 4.1, the asynchronous client beside HttpClient 4. These classes are not
 * used where they stand: they are moved into {@code org.apache.http.impl.nio.client}, in the loader
 * that loads the client.
 *
 * <p>The client drives a request by a handler, which asks for a connection, is told what happens on
 * it, and can ask for another. An attempt is one turn of that: what fails is kept from the handler,
 * and the handler asks again. What decides over reuse, {@code ConnectionReuseStrategy} and the
 * connection manager, may be the application's own; the hooks are where the handler carries their
 * decisions out.
 */
package dev.freshwire.clients.apacheasync4;

/**
 * Apache HttpClient 5.0 and later, classic and asynchronous. These classes are not used where they
 * stand: they are moved into {@code org.apache.hc.client5.http.impl}, in the loader that loads the
 * client.
 *
 * <p>What decides over reuse, {@code ConnectionReuseStrategy} and the connection manager, may be
 * the application's own. The hooks are where their decisions are carried out, in the client's
 * runtime of one exchange: so they are obeyed out of scope and overruled in scope, whoever wrote
 * them.
 */
package dev.freshwire.clients.apache5;

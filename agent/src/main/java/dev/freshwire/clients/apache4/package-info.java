/**
 * Apache HttpClient 4.3 to 4.5, classic. These classes are not used where they stand: they are
 * moved into {@code org.apache.http.impl.execchain}, in the loader that loads the client.
 *
 * <p>What decides over reuse, {@code ConnectionReuseStrategy} and the connection manager, may be
 * the application's own. The hooks are where their decisions are carried out: so they are obeyed
 * out of scope and overruled in scope, whoever wrote them.
 */
package dev.freshwire.clients.apache4;

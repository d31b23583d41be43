/**
 * What may be done, as pure functions that return named decisions. Knows no client, no option and
 * no loader; uses the JDK only. Loaded by the agent's own class loader.
 *
 * <p>Nothing here allocates on the way of a request that succeeds, and nothing here locks.
 */
package dev.freshwire.policy;

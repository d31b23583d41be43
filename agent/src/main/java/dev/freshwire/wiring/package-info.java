/**
 * Puts the parts together: options, policy, enforcer, transformer. The only package that knows all
 * the others. Loaded by the agent's own loader.
 */
package dev.freshwire.wiring;

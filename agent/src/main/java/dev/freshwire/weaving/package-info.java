/**
 * Puts the hooks of a client into its classes as they are loaded. Loaded by the agent's own loader;
 * apart from {@link dev.freshwire.weaving.HookTransformer} nothing here is loaded before the first
 * class that has a hook.
 */
package dev.freshwire.weaving;

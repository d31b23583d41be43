/**
 * What people run by hand: {@code java -jar freshwire-agent.jar}. Loaded by the agent's own loader
 * in a JVM of its own, where there is no agent.
 */
package dev.freshwire.command;

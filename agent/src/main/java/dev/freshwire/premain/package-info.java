/**
 * What the JVM starts: finds the agent's jar, gives the agent a loader of its own and hands over.
 * Loaded by the system loader, beside the application's classes, so there is as little of it as
 * possible.
 */
package dev.freshwire.premain;

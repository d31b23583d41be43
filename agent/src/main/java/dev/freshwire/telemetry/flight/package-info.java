/**
 * The only classes that name Flight Recorder's types: loaded by the agent's own loader, and only
 * where the JVM has it.
 */
package dev.freshwire.telemetry.flight;

/** Counters, and what operators see of them. Loaded by the agent's own loader. */
package dev.freshwire.telemetry;

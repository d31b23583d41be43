/** The agent's own nanoseconds and bytes, with no network beneath them. */
package dev.freshwire.benchmarks.policy;

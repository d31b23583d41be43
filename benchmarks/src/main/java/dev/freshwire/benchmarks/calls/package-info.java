/** One call of each client, the same work in every variant. */
package dev.freshwire.benchmarks.calls;

/** Benchmarks of calls with and without the agent, and the program that runs them. */
package dev.freshwire.benchmarks;

/** What an agent adds to the start of a JVM: whole processes, started in turn. */
package dev.freshwire.benchmarks.startup;

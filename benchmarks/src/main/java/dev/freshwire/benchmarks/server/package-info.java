/** The server of all calls: a process of its own, at a distance that can be chosen. */
package dev.freshwire.benchmarks.server;

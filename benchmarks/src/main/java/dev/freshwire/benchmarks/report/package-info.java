/** Runs an agreed matrix of measurements and makes a page of it. */
package dev.freshwire.benchmarks.report;

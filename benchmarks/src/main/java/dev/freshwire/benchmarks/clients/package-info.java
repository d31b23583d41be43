/** The clients that are measured, each as its own documentation has it used. */
package dev.freshwire.benchmarks.clients;

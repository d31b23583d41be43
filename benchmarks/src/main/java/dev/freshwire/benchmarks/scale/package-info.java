/** What must stay flat however much there is: memory, threads, descriptors. */
package dev.freshwire.benchmarks.scale;

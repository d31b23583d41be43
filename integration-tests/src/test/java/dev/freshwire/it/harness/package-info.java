/** Runs a client in a JVM of its own, with the packaged agent or without. */
@NullMarked
package dev.freshwire.it.harness;

import org.jspecify.annotations.NullMarked;

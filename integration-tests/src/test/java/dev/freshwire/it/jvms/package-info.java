/** A little of everything, on every JVM that can be had. */
@NullMarked
package dev.freshwire.it.jvms;

import org.jspecify.annotations.NullMarked;

/** Tests of the demo: its gateway, its figures, and what it is there to show. */
@NullMarked
package dev.freshwire.it.demo;

import org.jspecify.annotations.NullMarked;

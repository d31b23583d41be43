/** Every fault there is, by chance, for as long as one likes. */
@NullMarked
package dev.freshwire.it.soak;

import org.jspecify.annotations.NullMarked;

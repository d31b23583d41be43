/** What every client must survive, whichever it is. */
@NullMarked
package dev.freshwire.it.contract;

import org.jspecify.annotations.NullMarked;

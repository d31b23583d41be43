/** What operators do with the packaged agent, and what they see. */
@NullMarked
package dev.freshwire.it.operations;

import org.jspecify.annotations.NullMarked;

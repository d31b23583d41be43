/** Ktor's own engine. */
@NullMarked
package dev.freshwire.it.ktorcio;

import org.jspecify.annotations.NullMarked;

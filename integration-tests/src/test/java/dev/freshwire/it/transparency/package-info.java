/** What others test of their own clients, with the agent and without. */
@NullMarked
package dev.freshwire.it.transparency;

import org.jspecify.annotations.NullMarked;

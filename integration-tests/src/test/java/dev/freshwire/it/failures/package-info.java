/** What the application sees of it when something fails inside the agent: nothing. */
@NullMarked
package dev.freshwire.it.failures;

import org.jspecify.annotations.NullMarked;

/** Libraries in front of the clients of the JDK. */
@NullMarked
package dev.freshwire.it.frontend;

import org.jspecify.annotations.NullMarked;

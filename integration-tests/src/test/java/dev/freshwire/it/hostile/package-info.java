/** What servers may send that no server should. */
@NullMarked
package dev.freshwire.it.hostile;

import org.jspecify.annotations.NullMarked;

/** What names types of the JVM that Java 8 has not; compiled apart, used where it links. */
@NullMarked
package dev.freshwire.weaving.modular;

import org.jspecify.annotations.NullMarked;

/** java.net.http. */
@NullMarked
package dev.freshwire.it.jdkhttp;

import org.jspecify.annotations.NullMarked;

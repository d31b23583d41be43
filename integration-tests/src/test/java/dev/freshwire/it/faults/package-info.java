/** That the faults are the faults they claim to be. */
@NullMarked
package dev.freshwire.it.faults;

import org.jspecify.annotations.NullMarked;

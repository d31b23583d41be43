/** Apache HttpClient 5. */
@NullMarked
package dev.freshwire.it.apache5;

import org.jspecify.annotations.NullMarked;

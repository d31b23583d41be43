/** Apache HttpClient 4 and 5. */
@NullMarked
package dev.freshwire.it.apache;

import org.jspecify.annotations.NullMarked;

/** Apache HttpClient 4. */
@NullMarked
package dev.freshwire.it.apache4;

import org.jspecify.annotations.NullMarked;

/** HttpURLConnection. */
@NullMarked
package dev.freshwire.it.urlconnection;

import org.jspecify.annotations.NullMarked;

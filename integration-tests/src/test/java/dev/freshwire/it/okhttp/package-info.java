/** OkHttp. */
@NullMarked
package dev.freshwire.it.okhttp;

import org.jspecify.annotations.NullMarked;

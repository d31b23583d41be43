/**
 * A small trading agent on OkHttp, written as anyone would write it.
 *
 * <p>It is the application under test: it knows nothing of Freshwire, imports nothing but OkHttp
 * and Jackson, and runs in a JVM of its own.
 */
@NullMarked
package dev.freshwire.it.sample;

import org.jspecify.annotations.NullMarked;

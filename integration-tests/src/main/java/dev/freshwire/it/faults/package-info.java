/**
 * The fault layer: an origin on loopback that misbehaves as scripted, on plain HTTP/1.1, TLS
 * HTTP/1.1 and TLS HTTP/2, and counts what really reached it.
 */
@NullMarked
package dev.freshwire.it.faults;

import org.jspecify.annotations.NullMarked;

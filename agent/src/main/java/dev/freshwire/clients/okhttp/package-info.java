/**
 * OkHttp 3.12 to 5.x. These classes are not used where they stand: they are moved into OkHttp's own
 * package {@code okhttp3.internal.connection}, in the loader that loads OkHttp.
 */
package dev.freshwire.clients.okhttp;

/**
 * Ktor's own engine, CIO, of Ktor 2.3 and 3.x. Its suspend functions are repeated by standing
 * between them and whoever called them: no thread waits, the coroutine keeps its context, and its
 * cancellation ends the attempts. These classes are not used where they stand: they are moved into
 * {@code io.ktor.client.engine.cio}, in the loader that loads Ktor.
 */
package dev.freshwire.clients.ktorcio;

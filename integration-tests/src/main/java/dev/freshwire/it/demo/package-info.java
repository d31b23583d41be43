/**
 * The demo: runs the trading agent against the Supabase twin behind a gateway that drops idle
 * connections, without and with Freshwire, and shows what became of every request.
 *
 * <p>Runs in a process of its own; the application under test is forked from it.
 */
@NullMarked
package dev.freshwire.it.demo;

import org.jspecify.annotations.NullMarked;

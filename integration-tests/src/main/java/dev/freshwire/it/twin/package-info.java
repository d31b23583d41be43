/**
 * An embedded server that speaks enough of Supabase for its real clients to work unchanged, and
 * that counts what reaches it: connections, requests, and every write before and after it is
 * applied.
 *
 * <p>Runs in the process of a test or of the demo, never in the process of the application under
 * test; knows nothing of the agent.
 */
@NullMarked
package dev.freshwire.it.twin;

import org.jspecify.annotations.NullMarked;

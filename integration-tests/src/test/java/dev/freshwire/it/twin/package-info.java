/** Tests of the Supabase twin through clients that know nothing of it. */
@NullMarked
package dev.freshwire.it.twin;

import org.jspecify.annotations.NullMarked;

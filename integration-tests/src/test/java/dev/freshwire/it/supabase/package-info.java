/** An application on supabase-kt, unmodified, with each of the engines that Ktor has for it. */
@NullMarked
package dev.freshwire.it.supabase;

import org.jspecify.annotations.NullMarked;

/**
 * supabase-kt 2.6 to 3.x: its Auth plugin keeps the session where it does not outlive the JVM. The
 * connections are the business of the HTTP client below it. These classes are not used where they
 * stand: they are moved into {@code io.github.jan.supabase}, in the loader that loads the library.
 */
package dev.freshwire.clients.supabase;

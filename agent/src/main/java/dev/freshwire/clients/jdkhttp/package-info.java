/**
 * The JDK's {@code java.net.http.HttpClient}, 11 and later. These classes are not used where they
 * stand: they are moved into {@code jdk.internal.net.http}, in the loader that has the module
 * {@code java.net.http}. Most types there are not public, so that hooks speak of them as objects.
 */
package dev.freshwire.clients.jdkhttp;

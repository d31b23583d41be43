/**
 * The JDK's {@code HttpURLConnection}, Java 8 and later. These classes are not used where they
 * stand: they are moved into {@code sun.net.www.http} in the boot loader. Rewritten are only the
 * two classes that are one connection each and are loaded when the first one is opened; {@code
 * HttpURLConnection} itself is loaded by much that never connects.
 */
package dev.freshwire.clients.urlconnection;

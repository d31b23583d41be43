/** The jar as it is shipped. */
package dev.freshwire.it.packaging;

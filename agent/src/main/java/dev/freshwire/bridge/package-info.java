/**
 * The only classes that rewritten client code names. They are defined in the boot loader and speak
 * JDK types alone, so that a class in any loader and any module can call them.
 *
 * <p>In the packaged jar these classes are called {@code java.lang.Freshwire*}: class loaders that
 * filter what they delegate (OSGi bundles) always delegate {@code java.*}, and every named module
 * reads {@code java.base}. They are never unloaded and must never be loaded from anywhere else.
 */
package dev.freshwire.bridge;

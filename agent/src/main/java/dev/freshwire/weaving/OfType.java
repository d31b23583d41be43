package dev.freshwire.weaving;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Binds a parameter of an advice method to the first parameter of the rewritten method that has
 * exactly its type. Signatures of client internals gain, lose and swap parameters from one version
 * to the next; the types stay.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.PARAMETER)
public @interface OfType {}

package dev.freshwire.weaving;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the client class that the hooks of an advice class are put into. */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
public @interface Rewrites {
  /** The binary names of the class; the same hooks may serve one class that was renamed. */
  String[] value();
}

package dev.freshwire.weaving;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Says which methods of the {@linkplain Rewrites rewritten class} an advice method is for. Stands
 * beside Byte Buddy's {@code @Advice.OnMethodEnter} or {@code @Advice.OnMethodExit}, which say what
 * it does there.
 *
 * <p>Every purpose of a client must be served by at least one method of its classes; otherwise this
 * version of the client is not known and all of it is left alone.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.METHOD)
public @interface Hook {
  /** What the hook is for, as it stands in the log: {@code reuse}, {@code connect-timeout}. */
  String purpose();

  /**
   * Whether there are known versions without a place for it, which do not need it. Where it finds
   * none, the log says so beside the client's version. Together with {@link #everywhere} it says
   * that the whole class may be absent.
   */
  boolean optional() default false;

  /**
   * Whether every class that the advice is for, and that the version has, must have a place for it,
   * and one of them must be there. So it is with what must not be left unsaid: that a request is
   * sent, on whichever of a client's ways it goes.
   */
  boolean everywhere() default false;

  /** The names that the method has in the versions of the client; {@code <init>} is one. */
  String[] method();

  /** Binary names of types that must be among the method's parameters, in this order. */
  String[] taking() default {};
}

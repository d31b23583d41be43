package dev.freshwire.command;

import org.jspecify.annotations.Nullable;

/** A JVM cannot be reached; the message is the one line to show. */
final class TargetException extends Exception {
  private static final long serialVersionUID = 1L;

  TargetException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}

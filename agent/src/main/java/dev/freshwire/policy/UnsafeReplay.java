package dev.freshwire.policy;

/** What becomes of a client's own habit of sending a sent, non-idempotent request once more. */
public enum UnsafeReplay {
  /** Switched off: the write might be applied twice. */
  SUPPRESS,
  /** Left alone. */
  KEEP
}

package dev.freshwire.policy;

/** How far the agent goes. */
public enum Mode {
  /** Decide and act. */
  ENFORCE,
  /** Decide and count exactly what {@link #ENFORCE} would have done, and change nothing. */
  OBSERVE,
  /** Leave every class and every call alone. */
  OFF
}

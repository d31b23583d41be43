package dev.freshwire.policy;

/** The named answers of {@link ReusePolicy}. The names are stable. */
public enum ReuseVerdict {
  /** The client decides as it always did. */
  LEAVE_UNCHANGED,
  /** Opened ahead of time and not used yet: this request may have it, if it is still alive. */
  USE_PREWARMED,
  /** Within all bounds: this request may have it, if it is still alive. */
  USE_VALIDATED,
  /** Every attempt has a connection of its own. */
  REFUSE_NEVER,
  /** Opened ahead of time, too long ago. */
  REFUSE_PREWARM_IDLE,
  /** Idle for too long: the server may have closed it. */
  REFUSE_IDLE,
  /** Open for too long. */
  REFUSE_AGE,
  /** It has served as many requests as it may. */
  REFUSE_REQUESTS;

  /** Whether the connection may carry the request. */
  public boolean allows() {
    return this == LEAVE_UNCHANGED || needsProbe();
  }

  /** Whether it must prove to be alive before. */
  public boolean needsProbe() {
    return this == USE_PREWARMED || this == USE_VALIDATED;
  }
}

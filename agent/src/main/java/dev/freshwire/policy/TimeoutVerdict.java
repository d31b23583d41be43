package dev.freshwire.policy;

/** The named answers of {@link TimeoutPolicy}. The names are stable. */
public enum TimeoutVerdict {
  /** There was no limit: ours holds. */
  APPLY_UNSET,
  /** There was a longer limit: ours holds. */
  APPLY_SHORTER,
  /** The limit is as short as ours, or shorter: it stays. */
  KEEP_SHORTER,
  /** The application chose it, be it 0 for ever: it stays. */
  KEEP_CHOSEN,
  /** A response that is meant to stay open: no limit of ours. */
  KEEP_STREAMING,
  /** We have no limit. */
  KEEP_OFF;

  /** Whether our limit replaces the client's. */
  public boolean applies() {
    return this == APPLY_UNSET || this == APPLY_SHORTER;
  }
}

package dev.freshwire.policy;

/** Whether a connection may carry one more request. Pure functions. */
public final class ReusePolicy {
  private ReusePolicy() {}

  /**
   * Whether a connection that already exists may carry a request.
   *
   * @param prewarmed whether it was opened ahead of time by the agent
   * @param portsScarce whether the port guard has tripped for this destination
   * @param idleMillis since it was opened or last used
   * @param ageMillis since it was opened
   * @param requests that it has carried
   */
  public static ReuseVerdict acquire(
      Settings settings,
      boolean prewarmed,
      boolean portsScarce,
      long idleMillis,
      long ageMillis,
      int requests) {
    if (settings.reuse() == ReuseMode.UNCHANGED) {
      return ReuseVerdict.LEAVE_UNCHANGED;
    }
    if (prewarmed && requests == 0) {
      return idleMillis < settings.prewarmMaxIdleMillis()
          ? ReuseVerdict.USE_PREWARMED
          : ReuseVerdict.REFUSE_PREWARM_IDLE;
    }
    if (settings.reuse() == ReuseMode.NEVER && !portsScarce) {
      return ReuseVerdict.REFUSE_NEVER;
    }
    return idleMillis < settings.maxIdleMillis()
        ? release(settings, portsScarce, ageMillis, requests)
        : ReuseVerdict.REFUSE_IDLE;
  }

  /**
   * Whether a connection whose response is complete may be kept for another request.
   *
   * @param requests that it has carried, the last one included
   */
  public static ReuseVerdict release(
      Settings settings, boolean portsScarce, long ageMillis, int requests) {
    if (settings.reuse() == ReuseMode.UNCHANGED) {
      return ReuseVerdict.LEAVE_UNCHANGED;
    }
    if (settings.reuse() == ReuseMode.NEVER && !portsScarce) {
      return ReuseVerdict.REFUSE_NEVER;
    }
    if (settings.maxAgeMillis() > 0 && ageMillis >= settings.maxAgeMillis()) {
      return ReuseVerdict.REFUSE_AGE;
    }
    return requests >= settings.maxRequests()
        ? ReuseVerdict.REFUSE_REQUESTS
        : ReuseVerdict.USE_VALIDATED;
  }
}

package dev.freshwire.config;

import dev.freshwire.policy.Settings;
import java.util.List;
import java.util.Locale;

/** Settings as an operator would write them. */
final class SettingsText {
  private SettingsText() {}

  /** One {@code key=value} a line, for every option in which origins may differ. */
  static String of(Settings settings) {
    StringBuilder text = new StringBuilder();
    for (Option option : Option.values()) {
      if (option.isPerOrigin()) {
        text.append(option.key()).append('=').append(value(settings, option)).append('\n');
      }
    }
    return text.toString();
  }

  static String value(Settings settings, Option option) {
    switch (option) {
      case MODE:
        return word(settings.mode());
      case REUSE:
        return word(settings.reuse());
      case REUSE_MAX_IDLE:
        return duration(settings.maxIdleMillis());
      case REUSE_MAX_AGE:
        return duration(settings.maxAgeMillis());
      case REUSE_MAX_REQUESTS:
        return Integer.toString(settings.maxRequests());
      case PREWARM:
        return Integer.toString(settings.prewarm());
      case PREWARM_MAX_IDLE:
        return duration(settings.prewarmMaxIdleMillis());
      case PORT_GUARD:
        return settings.portGuardPercent() == 0 ? "off" : settings.portGuardPercent() + "%";
      case SESSION_PERSIST:
        return Boolean.toString(settings.sessionPersist());
      case CONNECT_TIMEOUT:
        return duration(settings.connectTimeoutMillis());
      case READ_TIMEOUT:
        return duration(settings.readTimeoutMillis());
      case CALL_TIMEOUT:
        return duration(settings.callTimeoutMillis());
      case RETRY_MAX_ATTEMPTS:
        return Integer.toString(settings.maxAttempts());
      case RETRY_BACKOFF:
        return duration(settings.backoffMinMillis()) + ".." + duration(settings.backoffMaxMillis());
      case RETRY_DEADLINE:
        return duration(settings.deadlineMillis());
      case RETRY_METHODS:
        return list(settings.methods());
      case RETRY_STATUSES:
        return list(settings.statuses());
      case RETRY_SAFE_PATHS:
        return list(settings.safePaths());
      case RETRY_BUDGET:
        return settings.isBudgetUnlimited()
            ? "off"
            : settings.budgetPercent() + "%+" + settings.budgetPerSecond() + "/s";
      case RETRY_UNSAFE_REPLAY:
        return word(settings.unsafeReplay());
      case RETRY_IDEMPOTENCY_KEY:
        return word(settings.idempotencyKey());
      default:
        throw new IllegalArgumentException(option.key());
    }
  }

  /** In the largest unit that needs no fraction; minutes only from two on, as in 150s and 5m. */
  private static String duration(int millis) {
    if (millis == 0) {
      return "off";
    }
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    int seconds = millis / 1000;
    if (seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private static String list(List<?> items) {
    StringBuilder list = new StringBuilder();
    for (Object item : items) {
      list.append(list.length() == 0 ? "" : ",").append(item);
    }
    return list.toString();
  }
}

package dev.freshwire.config;

import dev.freshwire.policy.HostPattern;
import dev.freshwire.policy.IdempotencyKey;
import dev.freshwire.policy.Mode;
import dev.freshwire.policy.PathGlob;
import dev.freshwire.policy.ReuseMode;
import dev.freshwire.policy.Settings;
import dev.freshwire.policy.UnsafeReplay;
import java.util.ArrayList;
import java.util.List;

/** Turns what was written into what it means. Loaded only if something was written. */
final class Values {
  private static final int DAY = 24 * 60 * 60 * 1000;

  private Values() {}

  /** Puts a value into the settings of the origins that it is for. */
  static void apply(Assignment a, Settings.Builder settings) {
    // By key, not by constant: a switch over an enum of another class costs a class to load.
    switch (a.option.key()) {
      case "mode":
        settings.mode(Mode.valueOf(choice(a, "enforce", "observe", "off")));
        break;
      case "reuse":
        settings.reuse(ReuseMode.valueOf(choice(a, "never", "validated", "unchanged")));
        break;
      case "reuse.max-idle":
        settings.maxIdleMillis(duration(a, 1, DAY));
        break;
      case "reuse.max-age":
        settings.maxAgeMillis(durationOrOff(a));
        break;
      case "reuse.max-requests":
        settings.maxRequests(count(a, 1, 1_000_000));
        break;
      case "prewarm":
        settings.prewarm(count(a, 0, 100));
        break;
      case "prewarm.max-idle":
        settings.prewarmMaxIdleMillis(duration(a, 1, DAY));
        break;
      case "port-guard":
        settings.portGuardPercent(percentOrOff(a));
        break;
      case "session.persist":
        settings.sessionPersist(choice(a, "true", "false").equals("TRUE"));
        break;
      case "connect-timeout":
        settings.connectTimeoutMillis(durationOrOff(a));
        break;
      case "read-timeout":
        settings.readTimeoutMillis(durationOrOff(a));
        break;
      case "call-timeout":
        settings.callTimeoutMillis(durationOrOff(a));
        break;
      case "retry.max-attempts":
        settings.maxAttempts(count(a, 1, 10));
        break;
      case "retry.backoff":
        backoff(a, settings);
        break;
      case "retry.deadline":
        settings.deadlineMillis(durationOrOff(a));
        break;
      case "retry.methods":
        settings.methods(methods(a));
        break;
      case "retry.statuses":
        settings.statuses(statuses(a));
        break;
      case "retry.safe-paths":
        settings.safePaths(paths(a));
        break;
      case "retry.budget":
        budget(a, settings);
        break;
      case "retry.unsafe-replay":
        settings.unsafeReplay(UnsafeReplay.valueOf(choice(a, "suppress", "keep")));
        break;
      case "retry.idempotency-key":
        settings.idempotencyKey(IdempotencyKey.valueOf(choice(a, "ignore", "trust")));
        break;
      default:
        check(a);
    }
  }

  /** Checks a value that holds for the agent as a whole. */
  private static void check(Assignment a) {
    switch (a.option.key()) {
      case "hosts":
        if (hosts(a).isEmpty()) {
          throw BadOptionException.unexpected(a);
        }
        break;
      case "exclude-hosts":
        hosts(a);
        break;
      case "config.interval":
        duration(a, 50, 60 * 60 * 1000);
        break;
      case "log":
        choice(a, "off", "error", "warn", "info", "debug", "trace");
        break;
      case "config":
      case "report":
        if (a.value.isEmpty()) {
          throw BadOptionException.unexpected(a);
        }
        break;
      default:
        throw new AssertionError(a.option);
    }
  }

  /** The patterns of a list of hosts. */
  static List<HostPattern> hosts(Assignment a) {
    List<String> items = items(a);
    List<HostPattern> patterns = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      HostPattern pattern = HostPattern.of(items.get(i));
      if (pattern == null) {
        throw unexpectedItem(a, items.get(i));
      }
      patterns.add(pattern);
    }
    return patterns;
  }

  /** A duration in milliseconds, within the range. */
  static int duration(Assignment a, int min, int max) {
    long millis = millis(a.value);
    if (millis < min || millis > max) {
      throw BadOptionException.unexpected(a);
    }
    return (int) millis;
  }

  private static int durationOrOff(Assignment a) {
    return a.value.equals("off") || a.value.equals("0") ? 0 : duration(a, 1, DAY);
  }

  private static void backoff(Assignment a, Settings.Builder settings) {
    int dots = a.value.indexOf("..");
    long min = dots < 0 ? -1 : millis(a.value.substring(0, dots));
    long max = dots < 0 ? -1 : millis(a.value.substring(dots + 2));
    if (min < 1 || max < min || max > DAY) {
      throw BadOptionException.unexpected(a);
    }
    settings.backoffMinMillis((int) min).backoffMaxMillis((int) max);
  }

  private static void budget(Assignment a, Settings.Builder settings) {
    if (a.value.equals("off")) {
      settings.budgetPercent(Settings.UNLIMITED).budgetPerSecond(0);
      return;
    }
    int plus = a.value.indexOf("%+");
    if (plus < 0 || !a.value.endsWith("/s") || plus + 4 > a.value.length()) {
      throw BadOptionException.unexpected(a);
    }
    long percent = number(a.value.substring(0, plus));
    long perSecond = number(a.value.substring(plus + 2, a.value.length() - 2));
    if (percent < 0 || percent > 1000 || perSecond < 0 || perSecond > 100_000) {
      throw BadOptionException.unexpected(a);
    }
    settings.budgetPercent((int) percent).budgetPerSecond((int) perSecond);
  }

  private static int percentOrOff(Assignment a) {
    if (a.value.equals("off")) {
      return 0;
    }
    int last = a.value.length() - 1;
    long percent = a.value.endsWith("%") ? number(a.value.substring(0, last)) : -1;
    if (percent < 1 || percent > 100) {
      throw BadOptionException.unexpected(a);
    }
    return (int) percent;
  }

  private static int count(Assignment a, int min, int max) {
    long count = number(a.value);
    if (count < min || count > max) {
      throw BadOptionException.unexpected(a);
    }
    return (int) count;
  }

  /** The chosen word in capitals, as the constants of the policy are spelled. */
  private static String choice(Assignment a, String... words) {
    for (String word : words) {
      if (word.equals(a.value)) {
        return capitals(word);
      }
    }
    throw BadOptionException.unexpected(a);
  }

  private static List<String> methods(Assignment a) {
    List<String> methods = items(a);
    for (int i = 0; i < methods.size(); i++) {
      String method = methods.get(i);
      for (int j = 0; j < method.length(); j++) {
        char c = method.charAt(j);
        if ((c < 'A' || c > 'Z') && c != '-') {
          throw unexpectedItem(a, method);
        }
      }
    }
    return methods;
  }

  private static List<Integer> statuses(Assignment a) {
    List<String> items = items(a);
    List<Integer> statuses = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      long status = number(items.get(i));
      if (status < 400 || status > 599) {
        throw unexpectedItem(a, items.get(i));
      }
      statuses.add((int) status);
    }
    return statuses;
  }

  private static List<PathGlob> paths(Assignment a) {
    List<String> items = items(a);
    List<PathGlob> paths = new ArrayList<>(items.size());
    for (int i = 0; i < items.size(); i++) {
      if (!PathGlob.isValid(items.get(i))) {
        throw unexpectedItem(a, items.get(i));
      }
      paths.add(PathGlob.of(items.get(i)));
    }
    return paths;
  }

  /** The items of a list; none if it is empty, but no empty item between two commas. */
  private static List<String> items(Assignment a) {
    List<String> items = new ArrayList<>();
    int start = 0;
    while (!a.value.isEmpty() && start <= a.value.length()) {
      int comma = a.value.indexOf(',', start);
      int end = comma < 0 ? a.value.length() : comma;
      String item = a.value.substring(start, end).trim();
      if (item.isEmpty()) {
        throw BadOptionException.unexpected(a);
      }
      items.add(item);
      start = end + 1;
    }
    return items;
  }

  /** In a long list, the item matters more than the list. */
  private static BadOptionException unexpectedItem(Assignment a, String item) {
    return BadOptionException.wrong(
        a,
        "'" + BadOptionException.shown(item, 80) + "' is wrong, expected " + a.option.expected());
  }

  /** {@code 500ms}, {@code 10s}, {@code 5m}, {@code 1h} in milliseconds, or -1. */
  private static long millis(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) >= 'a') {
      end--;
    }
    long number = number(text.substring(0, end));
    switch (text.substring(end)) {
      case "ms":
        return number;
      case "s":
        return number * 1000;
      case "m":
        return number * 60_000;
      case "h":
        return number * 3_600_000;
      default:
        return -1;
    }
  }

  /** One to nine digits, or -1. */
  private static long number(String text) {
    if (text.isEmpty() || text.length() > 9) {
      return -1;
    }
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number;
  }

  /** Not {@code String.toUpperCase}, which asks for a locale. */
  private static String capitals(String word) {
    char[] chars = word.toCharArray();
    for (int i = 0; i < chars.length; i++) {
      chars[i] = (char) (chars[i] - ('a' - 'A'));
    }
    return new String(chars);
  }
}

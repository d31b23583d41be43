package dev.freshwire.config;

import dev.freshwire.policy.HostPattern;
import dev.freshwire.policy.ReuseMode;
import dev.freshwire.policy.Settings;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Values that are right one by one and cannot be meant together. */
final class Contradictions {
  private Contradictions() {}

  /**
   * @param host where the settings hold; null for everywhere
   * @param applied the values that they come from, the strongest last
   */
  static void check(Settings settings, @Nullable HostPattern host, List<Assignment> applied) {
    if (settings.prewarm() == 0 || settings.reuse() == ReuseMode.NEVER) {
      return;
    }
    Assignment prewarm = last(applied, Option.PREWARM);
    Assignment reuse = last(applied, Option.REUSE);
    throw BadOptionException.wrong(
        prewarm,
        "contradicts "
            + reuse.spelledKey
            + '='
            + reuse.value
            + " ("
            + reuse.source
            + ')'
            + (host == null ? "" : " for " + host)
            + "; spare connections need reuse=never, expected prewarm=0 otherwise");
  }

  /** Neither default is a contradiction, so both of the values were given by somebody. */
  private static Assignment last(List<Assignment> applied, Option option) {
    int i = applied.size() - 1;
    while (applied.get(i).option != option) {
      i--;
    }
    return applied.get(i);
  }
}

package dev.freshwire.policy;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A snapshot of everything that was configured: which origins are in scope and what holds for each.
 * Immutable, so whoever holds one through a whole call never sees a mixture of two.
 */
public final class Policy {
  /** Without a builder, which would be one more class to load at every start without options. */
  private static final Policy DEFAULTS =
      new Policy(
          Mode.ENFORCE,
          HostMatcher.any(),
          HostMatcher.empty(),
          Settings.defaults(),
          HostMatcher.empty(),
          new Settings[0]);

  /** A power of two. */
  private static final int KNOWN = 256;

  private final Mode mode;
  private final HostMatcher included;
  private final HostMatcher excluded;
  private final Settings everywhere;
  private final HostMatcher overridden;
  private final Settings[] overrides;

  /**
   * Answers given before. Written without synchronisation: each is immutable, and one that is lost
   * is found again. The first origin that needs a place keeps it, so that many origins in turn do
   * not allocate.
   */
  private final @Nullable Known[] known = new Known[KNOWN];

  private Policy(
      Mode mode,
      HostMatcher included,
      HostMatcher excluded,
      Settings everywhere,
      HostMatcher overridden,
      Settings[] overrides) {
    this.mode = mode;
    this.included = included;
    this.excluded = excluded;
    this.everywhere = everywhere;
    this.overridden = overridden;
    this.overrides = overrides;
  }

  /** The policy of an agent that was told nothing. */
  public static Policy defaults() {
    return DEFAULTS;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The mode of the agent as a whole; an origin may have another, see {@link Settings#mode}. */
  public Mode mode() {
    return mode;
  }

  /**
   * What holds for an origin, or null if it is to be left alone: because it is out of scope, or
   * because the agent or the origin is switched off. Allocates nothing for an ASCII host name that
   * was asked for before.
   *
   * @param host as the client spells it: any case, brackets and trailing dot allowed
   * @param port the effective port, or 0 if it is not known
   */
  public @Nullable Settings settingsFor(String host, int port) {
    if (mode == Mode.OFF) {
      return null;
    }
    int mixed = (host.hashCode() + port) * 0x9e3779b9;
    int place = mixed >>> 24; // the top 8 bits: KNOWN of them
    Known before = known[place];
    if (before != null && before.port == port && before.host.equals(host)) {
      return before.settings;
    }
    Settings settings = find(host, port);
    if (before == null) {
      known[place] = new Known(host, port, settings);
    }
    return settings;
  }

  private @Nullable Settings find(String host, int port) {
    if (excluded.matches(host, port) || !included.matches(host, port)) {
      return null;
    }
    int override = overridden.find(host, port);
    Settings settings = override == HostMatcher.NONE ? everywhere : overrides[override];
    return settings.mode() == Mode.OFF ? null : settings;
  }

  /** What holds for an origin in scope that nothing special was said about. */
  public Settings everywhere() {
    return everywhere;
  }

  /** Whether connections to some origin are reused after a check. */
  public boolean validates() {
    boolean validates = everywhere.reuse() == ReuseMode.VALIDATED;
    for (Settings override : overrides) {
      validates |= override.reuse() == ReuseMode.VALIDATED;
    }
    return validates;
  }

  /** Whether spare connections are kept for some origin. */
  public boolean prewarms() {
    boolean prewarms = everywhere.prewarm() > 0;
    for (Settings override : overrides) {
      prewarms |= override.prewarm() > 0;
    }
    return prewarms;
  }

  /** The same policy with no origin in a mode that is less careful than this one. */
  public Policy atLeast(Mode careful) {
    Settings[] changed = new Settings[overrides.length];
    for (int i = 0; i < changed.length; i++) {
      changed[i] = atLeast(careful, overrides[i]);
    }
    Settings changedEverywhere = atLeast(careful, everywhere);
    return new Policy(
        changedEverywhere.mode(), included, excluded, changedEverywhere, overridden, changed);
  }

  private static Settings atLeast(Mode careful, Settings settings) {
    return settings.mode().compareTo(careful) >= 0
        ? settings
        : settings.toBuilder().mode(careful).build();
  }

  private static final class Known {
    final String host;
    final int port;
    final @Nullable Settings settings;

    Known(String host, int port, @Nullable Settings settings) {
      this.host = host;
      this.port = port;
      this.settings = settings;
    }
  }

  /** Collects a policy; not thread-safe. */
  public static final class Builder {
    private HostMatcher included = HostMatcher.any();
    private HostMatcher excluded = HostMatcher.empty();
    private Settings everywhere = Settings.defaults();
    private final List<HostPattern> patterns = new ArrayList<>();
    private final List<Settings> overrides = new ArrayList<>();

    private Builder() {}

    /** The hosts in scope; all of them unless this is called. */
    public Builder hosts(Collection<HostPattern> hosts) {
      this.included = HostMatcher.of(hosts);
      return this;
    }

    /** The hosts taken out of scope, whatever {@link #hosts} says. */
    public Builder excludeHosts(Collection<HostPattern> hosts) {
      this.excluded = HostMatcher.of(hosts);
      return this;
    }

    /** What holds where no override does; its mode is that of the agent. */
    public Builder everywhere(Settings settings) {
      this.everywhere = settings;
      return this;
    }

    /**
     * All that holds where this pattern is the most specific one that matches: nothing is inherited
     * from a less specific pattern here.
     */
    public Builder override(HostPattern pattern, Settings settings) {
      patterns.add(pattern);
      overrides.add(settings);
      return this;
    }

    public Policy build() {
      return new Policy(
          everywhere.mode(),
          included,
          excluded,
          everywhere,
          HostMatcher.of(patterns),
          overrides.toArray(new Settings[0]));
    }
  }
}

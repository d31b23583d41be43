package dev.freshwire.config;

import dev.freshwire.policy.HostPattern;
import dev.freshwire.policy.Mode;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.Settings;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Everything that an operator said, and the policy that follows from it. Immutable.
 *
 * <p>Sources, strongest first: agent arguments, system properties, environment, the file named by
 * {@code config}, defaults. A value for some hosts is stronger than one for all, wherever either
 * was given; among patterns the more specific one is stronger.
 */
public final class Configuration {
  private final List<Assignment> given; // all but the file's; strongest first
  private final List<Assignment> all;
  private final long fileStamp;
  private volatile @Nullable Policy policy; // null while the defaults hold and nobody asked

  private Configuration(
      List<Assignment> given, List<Assignment> all, long fileStamp, @Nullable Policy policy) {
    this.given = given;
    this.all = all;
    this.fileStamp = fileStamp;
    this.policy = policy;
  }

  /**
   * Reads all sources.
   *
   * @param agentArguments what stands behind {@code -javaagent:freshwire-agent.jar=}, if anything
   * @throws BadOptionException whose message is the one line to show
   */
  public static Configuration load(
      @Nullable String agentArguments,
      Properties systemProperties,
      Map<String, String> environment) {
    List<Assignment> given = new ArrayList<>();
    if (agentArguments != null) {
      Sources.readArguments(agentArguments, given);
    }
    List<Assignment> properties = new ArrayList<>();
    Sources.readProperties(systemProperties, properties);
    given.addAll(properties);
    Sources.readEnvironment(environment, given);
    return withFile(given);
  }

  /** The same with the file read anew: what else was given does not change while the JVM runs. */
  public Configuration reload() {
    return withFile(given);
  }

  private static Configuration withFile(List<Assignment> given) {
    if (given.isEmpty()) {
      return new Configuration(given, given, 0, null);
    }
    List<Assignment> all = given;
    long stamp = 0;
    Assignment file = strongest(given, Option.CONFIG);
    if (file != null && !file.value.isEmpty()) {
      stamp = PolicyFile.stamp(file.value);
      all = new ArrayList<>(given);
      all.addAll(PolicyFile.read(file));
    }
    return new Configuration(given, all, stamp, policyOf(all, null));
  }

  /**
   * @param mode what holds instead of the mode that was given for all; null for that one
   */
  private static Policy policyOf(List<Assignment> all, @Nullable Mode mode) {
    Settings.Builder settings = Settings.builder();
    Policy.Builder policy = Policy.builder();
    List<Assignment> applied = new ArrayList<>();
    HostOverrides overrides = null;
    for (int i = all.size() - 1; i >= 0; i--) {
      Assignment assignment = all.get(i);
      HostPattern host = assignment.host;
      if (host == null) {
        // The weaker ones too: a wrong value is wrong even where another one is stronger.
        Values.apply(assignment, settings);
        applied.add(assignment);
      } else {
        overrides = overrides == null ? new HostOverrides() : overrides;
        overrides.add(host, assignment);
      }
      if (assignment.option == Option.HOSTS) {
        policy.hosts(Values.hosts(assignment));
      } else if (assignment.option == Option.EXCLUDE_HOSTS) {
        policy.excludeHosts(Values.hosts(assignment));
      }
    }
    if (mode != null) {
      settings.mode(mode);
    }
    Settings everywhere = settings.build();
    Contradictions.check(everywhere, null, applied);
    policy.everywhere(everywhere);
    if (overrides != null) {
      overrides.resolve(everywhere, applied, policy);
    }
    return policy.build();
  }

  /**
   * The same with another mode in force, as an operator switches it at run time. What was given by
   * name holds on where it is more careful, however often the mode is switched.
   */
  public Configuration withMode(Mode mode) {
    return new Configuration(given, all, fileStamp, policyOf(all, mode).atLeast(mode));
  }

  /** What follows from it all. */
  public Policy policy() {
    Policy known = policy;
    if (known == null) {
      // Made when it is first needed: its classes are a fifth of what a start without options
      // loads.
      known = Policy.defaults();
      policy = known;
    }
    return known;
  }

  /** Whether the agent is to leave everything as it is. */
  public boolean isOff() {
    Policy known = policy;
    return known != null && known.mode() == Mode.OFF;
  }

  /** The value of an option for the agent as a whole, as it was written; empty for none. */
  public String value(Option option) {
    Assignment assignment = strongest(all, option);
    return assignment == null ? option.defaultText() : assignment.value;
  }

  /** Where that value was given: "default", "agent arguments", "file x.properties, line 3"... */
  public String source(Option option) {
    Assignment assignment = strongest(all, option);
    return assignment == null ? "default" : assignment.source;
  }

  /** The file that was read, or null if none is configured. */
  public @Nullable String file() {
    String file = value(Option.CONFIG);
    return file.isEmpty() ? null : file;
  }

  /** What the file looked like from outside just before it was read. */
  long fileStamp() {
    return fileStamp;
  }

  /** How often to look at that file. */
  public int fileIntervalMillis() {
    Assignment interval = strongest(all, Option.CONFIG_INTERVAL);
    return interval == null ? 1_000 : Values.duration(interval, 50, 3_600_000);
  }

  /** Every value that was given and its source, on one line for the log. */
  public String effective() {
    return EffectiveText.of(all);
  }

  /** What holds for one origin, one {@code key=value} a line, or that it is out of scope. */
  public String effectiveFor(String host, int port) {
    Settings settings = policy().settingsFor(host, port);
    return settings == null ? "out of scope" : SettingsText.of(settings);
  }

  /** Every value that was given, strongest first. */
  List<Assignment> assignments() {
    return Collections.unmodifiableList(all);
  }

  private static @Nullable Assignment strongest(List<Assignment> assignments, Option option) {
    for (int i = 0; i < assignments.size(); i++) {
      Assignment assignment = assignments.get(i);
      if (assignment.option == option && assignment.host == null) {
        return assignment;
      }
    }
    return null;
  }
}

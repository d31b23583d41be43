package dev.freshwire.config;

import dev.freshwire.policy.HostPattern;
import dev.freshwire.policy.Policy;
import dev.freshwire.policy.Settings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Resolves the values that were given for some hosts only, ahead of time: a pattern gets everything
 * that less specific patterns say and itself does not, so that one look-up finds all. Loaded only
 * if there are such values.
 */
final class HostOverrides {
  private final Map<HostPattern, List<Assignment>> byPattern = new LinkedHashMap<>();

  /** For each pattern without its port: the ports about which something is said; 0 for all. */
  private final Map<HostPattern, Set<Integer>> ports = new LinkedHashMap<>();

  /** Adds a value for some hosts; the weakest source first. */
  void add(HostPattern host, Assignment assignment) {
    List<Assignment> assignments = byPattern.get(host);
    if (assignments == null) {
      assignments = new ArrayList<>();
      byPattern.put(host, assignments);
      HostPattern name = host.withPort(0);
      Set<Integer> known = ports.get(name);
      if (known == null) {
        known = new LinkedHashSet<>();
        ports.put(name, known);
      }
      known.add(host.port());
    }
    assignments.add(assignment);
  }

  /**
   * @param forAll the values that hold everywhere, the strongest last
   */
  void resolve(Settings everywhere, List<Assignment> forAll, Policy.Builder policy) {
    for (HostPattern name : ports.keySet()) {
      List<HostPattern> path = pathTo(name);
      for (int port : portsOn(path)) {
        Settings.Builder settings = everywhere.toBuilder();
        List<Assignment> applied = new ArrayList<>(forAll);
        for (HostPattern step : path) {
          apply(step, settings, applied);
          if (port != 0) {
            apply(step.withPort(port), settings, applied);
          }
        }
        HostPattern pattern = name.withPort(port);
        Settings resolved = settings.build();
        Contradictions.check(resolved, pattern, applied);
        policy.override(pattern, resolved);
      }
    }
  }

  /** From the least specific pattern to the name itself. */
  private static List<HostPattern> pathTo(HostPattern name) {
    List<HostPattern> path = new ArrayList<>();
    for (HostPattern step = name; step != null; step = step.parent()) {
      path.add(0, step);
    }
    return path;
  }

  /**
   * What {@code *.a.com:8443} says holds for {@code x.a.com} on that port as well, so {@code
   * x.a.com} needs settings for that port, too.
   */
  private Set<Integer> portsOn(List<HostPattern> path) {
    Set<Integer> all = new LinkedHashSet<>();
    all.add(0);
    for (HostPattern step : path) {
      Set<Integer> known = ports.get(step);
      if (known != null) {
        all.addAll(known);
      }
    }
    return all;
  }

  private void apply(HostPattern step, Settings.Builder settings, List<Assignment> applied) {
    List<Assignment> assignments = byPattern.get(step);
    if (assignments != null) {
      for (Assignment assignment : assignments) {
        Values.apply(assignment, settings);
        applied.add(assignment);
      }
    }
  }
}

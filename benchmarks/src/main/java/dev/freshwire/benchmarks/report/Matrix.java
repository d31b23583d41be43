package dev.freshwire.benchmarks.report;

import dev.freshwire.benchmarks.Agents;
import dev.freshwire.benchmarks.calls.Variant;
import dev.freshwire.benchmarks.scale.Load;
import dev.freshwire.benchmarks.startup.StartupRace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is measured; what is asked first stands first. */
enum Matrix {
  /** About ten minutes: OkHttp at two distances, the JDK's clients once, the start. */
  QUICK {
    @Override
    List<Task> tasks(List<String> jdks) throws Exception {
      Jmh call = call(3, Pace.ALL[1]);
      Set<Task> tasks = new LinkedHashSet<>();
      tasks.addAll(
          basic(Jmh.each(Jmh.each(List.of(call), "protocol", "plain", "tls"), "rtt", "0", "10")));
      tasks.add(call.with("variant", "agent-out-of-scope"));
      tasks.addAll(
          Jmh.each(List.of(distant(call)), "variant", "agent-validated", "agent-never-prewarm"));
      tasks.addAll(steady(3));
      tasks.addAll(
          basic(Jmh.each(List.of(distant(call)), "client", "java.net.http", "HttpURLConnection")));
      tasks.addAll(decisions(2, "1", "10000"));
      tasks.addAll(inMemory(2, new Pace(2, 3, 0)));
      tasks.addAll(startup(10, jdks));
      return List.copyOf(tasks);
    }
  },

  /** All axes, one at a time from a common centre: hours, or what {@code --minutes} leaves. */
  FULL {
    @Override
    List<Task> tasks(List<String> jdks) throws Exception {
      Jmh call = call(5, Pace.ALL[0]);
      Jmh distant = distant(call);
      Set<Task> tasks = new LinkedHashSet<>();
      tasks.addAll(modes(distant));
      tasks.addAll(
          basic(Jmh.each(Jmh.each(List.of(call), "protocol", "plain", "tls"), "rtt", "0", "10")));
      tasks.addAll(steady(5));
      tasks.addAll(
          Jmh.each(
              Jmh.each(List.of(call), "protocol", "plain", "tls"),
              "variant",
              "agent-out-of-scope",
              "agent-validated",
              "agent-observe",
              "agent-off"));
      if (Agents.hasOthers()) {
        tasks.add(call.with("variant", "otel-agent"));
      }
      tasks.addAll(clients(distant));
      tasks.addAll(basic(Jmh.each(List.of(call), "threads", "100")));
      tasks.addAll(basic(Jmh.each(List.of(distant), "threads", "4", "20", "64", "100", "256")));
      tasks.addAll(basic(Jmh.each(List.of(distant), "payload", "select-102400", "insert-1024")));
      tasks.addAll(basic(List.of(distant.with("key", "rsa"))));
      List<Jmh> protocols = Jmh.each(List.of(call), "protocol", "plain", "tls", "h2");
      tasks.addAll(basic(Jmh.each(protocols, "rtt", "0", "10", "30")));
      tasks.addAll(basic(List.of(distant.with("client", "java.net.http", "protocol", "h2"))));
      // What differs between clients differs most over TLS, above.
      tasks.addAll(clients(distant.with("protocol", "plain").inRounds(2)));
      tasks.addAll(decisions(3, "1", "100", "10000"));
      tasks.addAll(inMemory(3, new Pace(12, 6, 0)));
      tasks.addAll(startup(20, jdks));
      tasks.addAll(scale());
      return List.copyOf(tasks);
    }
  };

  private static final String[] POOLING = {
    "okhttp4", "java.net.http", "HttpURLConnection", "apache4", "apache5", "apache5-async"
  };

  abstract List<Task> tasks(List<String> jdks) throws Exception;

  private static Jmh call(int rounds, Pace pace) {
    return new Jmh(
        "call",
        "CallBenchmark.call",
        Task.labels(
            "client", "okhttp",
            "protocol", "plain",
            "key", "ecdsa",
            "rtt", "0",
            "payload", "select-1024",
            "threads", "1",
            "variant", "pooled"),
        rounds,
        pace);
  }

  private static Jmh distant(Jmh call) {
    return call.with("protocol", "tls", "rtt", "10");
  }

  /** Twenty calls a second, a distance away: what an application asks of a connection for each. */
  private static List<Jmh> steady(int rounds) {
    Jmh call = distant(call(rounds, new Pace(2, 8, 20)));
    return Jmh.each(
        List.of(call.as("steady").with("pause", Labels.STEADY_PAUSE)),
        "variant",
        Labels.STEADY_VARIANTS.toArray(new String[0]));
  }

  private static List<Jmh> basic(List<Jmh> tasks) {
    return Jmh.each(tasks, "variant", Labels.VARIANTS.toArray(new String[0]));
  }

  /** All variants of one call. */
  private static List<Jmh> modes(Jmh call) {
    return Jmh.each(
        List.of(call),
        "variant",
        Labels.MODES.stream()
            .filter(mode -> Agents.hasOthers() || !mode.equals(Variant.OTEL_AGENT.label()))
            .toArray(String[]::new));
  }

  /** Each client in each variant that it takes part in, over HTTP/1.1. */
  private static List<Jmh> clients(Jmh call) {
    List<Jmh> tasks = new ArrayList<>();
    for (String client : POOLING) {
      Jmh one = call.with("client", client);
      tasks.addAll(basic(List.of(one)));
      tasks.add(one.with("variant", "agent-validated"));
      if (!client.startsWith("apache")) {
        tasks.add(one.with("variant", "agent-never-prewarm"));
      }
    }
    // It opens a connection for each call as it is, and keeps none that could be looked at.
    tasks.addAll(
        Jmh.each(List.of(call.with("client", "ktor-cio")), "variant", "pooled", "agent-never"));
    // The agent leaves it alone.
    tasks.addAll(
        Jmh.each(
            List.of(call.with("client", "reactor-netty")), "variant", "pooled", "fresh-by-hand"));
    return tasks;
  }

  private static List<Jmh> decisions(int rounds, String... patterns) {
    List<Jmh> tasks = new ArrayList<>();
    for (String question : List.of("mayReuse", "outOfScope", "wholeRequest", "budget", "counter")) {
      Jmh one =
          new Jmh(
              "decision",
              "DecisionBenchmark." + question,
              Task.labels("patterns", "1", "threads", "1"),
              rounds,
              new Pace(1, 2, 0));
      boolean looksUp = question.equals("mayReuse") || question.equals("outOfScope");
      tasks.addAll(looksUp ? Jmh.each(List.of(one), "patterns", patterns) : List.of(one));
      tasks.add(one.with("threads", "2"));
    }
    return tasks;
  }

  /** What is left of a call is so short that the compiler is busy with it for ten seconds. */
  private static List<Jmh> inMemory(int rounds, Pace pace) {
    return Jmh.each(
        List.of(
            new Jmh(
                "in-memory", "InMemoryBenchmark.call", Task.labels("threads", "1"), rounds, pace)),
        "variant",
        "pooled",
        "fresh-by-hand",
        "agent-never",
        "agent-out-of-scope");
  }

  private static List<Task> startup(int rounds, List<String> jdks) {
    List<Task> tasks = new ArrayList<>();
    for (String jdk : jdks) {
      for (StartupRace.Program program : StartupRace.Program.values()) {
        if (program.isPresent()) {
          tasks.add(new Startup(jdk, program, rounds));
        }
      }
    }
    return tasks;
  }

  private static List<Task> scale() {
    List<Task> tasks = new ArrayList<>();
    for (Variant variant : List.of(Variant.POOLED, Variant.AGENT_NEVER)) {
      tasks.add(new Scale(Load.Kind.BODIES, 10, variant));
      tasks.add(new Scale(Load.Kind.ORIGINS, 10_000, variant));
      tasks.add(new Scale(Load.Kind.REQUESTS, 1_000_000, variant));
    }
    tasks.add(new Scale(Load.Kind.PATTERNS, 10_000, Variant.AGENT_NEVER));
    return tasks;
  }
}

package dev.freshwire.benchmarks.report;

import dev.freshwire.benchmarks.Agents;
import dev.freshwire.benchmarks.calls.Variant;
import dev.freshwire.benchmarks.scale.Load;
import dev.freshwire.benchmarks.startup.StartupRace;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What is measured. */
enum Matrix {
  /** About ten minutes: OkHttp at two distances, the JDK's clients once, the start. */
  QUICK {
    @Override
    List<Task> tasks(List<String> jdks) throws Exception {
      Jmh call = call(3, new Jmh.Seconds(2, 3));
      Set<Task> tasks = new LinkedHashSet<>();
      tasks.addAll(
          variants(
              Jmh.each(Jmh.each(List.of(call), "protocol", "plain", "tls"), "rtt", "0", "10")));
      tasks.addAll(Jmh.each(List.of(call.with("rtt", "0")), "variant", "agent-out-of-scope"));
      tasks.addAll(
          Jmh.each(
              List.of(call.with("protocol", "tls", "rtt", "10")),
              "variant",
              "agent-validated",
              "agent-never-prewarm"));
      tasks.addAll(steady(3));
      tasks.addAll(
          variants(
              Jmh.each(
                  List.of(call.with("protocol", "tls", "rtt", "10")),
                  "client",
                  "java.net.http",
                  "HttpURLConnection")));
      tasks.addAll(decisions(2, "1", "10000"));
      tasks.addAll(inMemory(2));
      tasks.addAll(startup(10, jdks));
      return List.copyOf(tasks);
    }
  },

  /** All axes, one at a time from a common centre: hours where every round is run. */
  FULL {
    @Override
    List<Task> tasks(List<String> jdks) throws Exception {
      Jmh call = call(5, new Jmh.Seconds(3, 5));
      Set<Task> tasks = new LinkedHashSet<>(QUICK.tasks(jdks));
      tasks.removeIf(
          task ->
              task instanceof Jmh jmh
                  && (jmh.kind().equals("call") || jmh.kind().equals("steady")));
      tasks.addAll(steady(5));
      List<Jmh> protocols = Jmh.each(List.of(call), "protocol", "plain", "tls", "h2");
      tasks.addAll(variants(Jmh.each(protocols, "rtt", "0", "10", "30")));
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
      Jmh distant = call.with("protocol", "tls", "rtt", "10");
      tasks.addAll(
          variants(
              Jmh.each(
                  Jmh.each(List.of(distant), "protocol", "plain", "tls"),
                  "client",
                  "java.net.http",
                  "HttpURLConnection",
                  "apache4",
                  "apache5")));
      tasks.addAll(variants(List.of(distant.with("client", "java.net.http", "protocol", "h2"))));
      tasks.addAll(Jmh.each(List.of(distant), "variant", "agent-validated", "agent-never-prewarm"));
      tasks.addAll(variants(List.of(distant.with("key", "rsa"))));
      tasks.addAll(variants(Jmh.each(List.of(distant), "payload", "select-102400", "insert-1024")));
      tasks.addAll(variants(Jmh.each(List.of(distant), "threads", "4", "20", "64", "100", "256")));
      tasks.addAll(decisions(5, "1", "100", "10000"));
      tasks.addAll(startup(20, jdks));
      for (Variant variant : List.of(Variant.POOLED, Variant.AGENT_NEVER)) {
        tasks.add(new Scale(Load.Kind.BODIES, 10, variant));
        tasks.add(new Scale(Load.Kind.ORIGINS, 10_000, variant));
        tasks.add(new Scale(Load.Kind.REQUESTS, 1_000_000, variant));
      }
      return List.copyOf(tasks);
    }
  };

  abstract List<Task> tasks(List<String> jdks) throws Exception;

  private static Jmh call(int rounds, Jmh.Seconds time) {
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
        time);
  }

  /** Twenty calls a second, a distance away: what an application asks of a connection for each. */
  private static List<Jmh> steady(int rounds) {
    Jmh call = call(rounds, new Jmh.Seconds(2, 8)).with("protocol", "tls", "rtt", "10");
    return Jmh.each(
        List.of(call.as("steady").with("pause", Labels.STEADY_PAUSE)),
        "variant",
        Labels.STEADY_VARIANTS.toArray(new String[0]));
  }

  private static List<Jmh> variants(List<Jmh> tasks) {
    return Jmh.each(tasks, "variant", "pooled", "fresh-by-hand", "agent-never");
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
              new Jmh.Seconds(1, 2));
      boolean looksUp = question.equals("mayReuse") || question.equals("outOfScope");
      tasks.addAll(looksUp ? Jmh.each(List.of(one), "patterns", patterns) : List.of(one));
      tasks.add(one.with("threads", "2"));
    }
    return tasks;
  }

  private static List<Jmh> inMemory(int rounds) {
    return Jmh.each(
        List.of(
            new Jmh(
                "in-memory",
                "InMemoryBenchmark.call",
                Task.labels("threads", "1"),
                rounds,
                new Jmh.Seconds(2, 3))),
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
}

package dev.freshwire.it.harness;

import dev.freshwire.it.faults.FaultServer;
import dev.freshwire.it.faults.Faults;
import dev.freshwire.it.faults.Protocol;
import dev.freshwire.it.faults.Script;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A single connection, sequential requests, one client for many, concurrent ones, and several
 * tables. The server reads the second request of every connection and resets.
 */
public final class FiveChecks {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final List<String> TABLES = List.of("a", "b", "c", "d", "e");

  private FiveChecks() {}

  public static FaultServer server() {
    return FaultServer.start(Protocol.H1, Script.always(Faults.atRequest(2, Faults.reset())));
  }

  /** What became of each request. */
  public static List<CallResult> run(ForkedClient fork, FaultServer server) {
    List<CallResult> results = new ArrayList<>();
    String url = server.url("localhost", "/");
    try (ForkedClient.Session client = fork.open(Map.of())) {
      results.add(client.call(CallSpec.of("GET", url, "single")));
      results.addAll(client.burst(url, List.of("GET"), "sequential", 10, 1, PATIENCE));
    }
    try (ForkedClient.Session client = fork.open(Map.of())) {
      results.addAll(client.burst(url, List.of("GET", "POST"), "reused", 10, 1, PATIENCE));
      results.addAll(client.burst(url, List.of("GET", "POST"), "concurrent", 20, 20, PATIENCE));
      for (String table : TABLES) {
        for (String method : List.of("GET", "POST", "PUT", "DELETE")) {
          results.add(client.call(CallSpec.of(method, url + table, method + table)));
        }
      }
    }
    return results;
  }

  /** Whether anything went wrong: a request that failed, or a write that was applied twice. */
  public static boolean harmed(List<CallResult> results, FaultServer server) {
    return !server.ledger().appliedTwice().isEmpty() || !results.stream().allMatch(CallResult::ok);
  }
}

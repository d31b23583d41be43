package dev.freshwire.it.sample;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Reads prices, writes decisions, updates positions, asks for advice, pauses, and does it again.
 *
 * <p>Runs the checks in order and prints one line of JSON per request. Takes {@code --url}, {@code
 * --key}, {@code --pause} (milliseconds), {@code --rounds} (of the loop) and {@code --check} (the
 * name of the only one to run), or {@code SUPABASE_URL}, {@code SUPABASE_KEY} and so on from the
 * environment. It exits with 0 once it is through, whatever failed on the way.
 */
public final class TradingAgent {

  private static final String[] TABLES = {
    "prices", "positions", "decisions", "accounts", "instruments"
  };

  /** A check: its name, how many requests it makes, and what it does. */
  private record Check(String name, int requests, Step step) {}

  private interface Step {
    void run() throws Exception;
  }

  private final String url;
  private final String key;
  private final long pauseMillis;
  private final int rounds;
  private final Journal journal = new Journal(System.out);
  private final SupabaseClient supabase;

  private TradingAgent(String url, String key, long pauseMillis, int rounds) {
    this.url = url;
    this.key = key;
    this.pauseMillis = pauseMillis;
    this.rounds = rounds;
    supabase = new SupabaseClient(url, key);
  }

  /** Starts the trading agent. */
  public static void main(String[] args) throws Exception {
    TradingAgent agent =
        new TradingAgent(
            setting(args, "--url", "SUPABASE_URL", ""),
            setting(args, "--key", "SUPABASE_KEY", ""),
            Long.parseLong(setting(args, "--pause", "SUPABASE_PAUSE", "1000")),
            Integer.parseInt(setting(args, "--rounds", "SUPABASE_ROUNDS", "8")));
    agent.run(setting(args, "--check", "SUPABASE_CHECK", "all"));
  }

  private static String setting(String[] args, String option, String variable, String absent) {
    for (int i = 0; i + 1 < args.length; i++) {
      if (args[i].equals(option)) {
        return args[i + 1];
      }
    }
    String value = System.getenv(variable);
    return value == null ? absent : value;
  }

  private void run(String only) throws Exception {
    List<Check> checks =
        List.of(
            new Check("single connection", 1, this::singleConnection),
            new Check("ten sequential", 10, this::tenSequential),
            new Check("one client, ten queries", 10, this::oneClientTenQueries),
            new Check("twenty concurrent", 20, this::twentyConcurrent),
            new Check("several tables", 9, this::severalTables),
            new Check("streaming", 2, this::streaming),
            new Check("realtime", 3, this::realtime),
            new Check("agent loop", 5 * rounds, this::agentLoop));
    for (Check check : checks) {
      if (only.equals("all") || only.equals(check.name())) {
        journal.started(check.name(), check.requests());
        check.step().run();
        journal.ended(check.name());
      }
    }
    supabase.close();
    journal.done();
  }

  private void singleConnection() throws InterruptedException {
    select("single connection", "prices");
  }

  private void tenSequential() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      SupabaseClient own = new SupabaseClient(url, key);
      journal.record("ten sequential", "select prices", id -> own.select(id, "prices", "limit=1"));
      own.close();
    }
  }

  private void oneClientTenQueries() throws InterruptedException {
    for (int i = 0; i < 10; i++) {
      select("one client, ten queries", "prices");
      pause();
    }
  }

  private void twentyConcurrent() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(20);
    try {
      List<Callable<Boolean>> calls = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        boolean write = i % 2 == 1;
        calls.add(
            () -> {
              if (write) {
                decide("twenty concurrent", newRef());
              } else {
                select("twenty concurrent", "prices");
              }
              return true;
            });
      }
      for (Future<Boolean> call : threads.invokeAll(calls)) {
        call.get();
      }
    } finally {
      threads.shutdown();
    }
    pause();
  }

  private void severalTables() throws InterruptedException {
    for (String table : TABLES) {
      select("several tables", table);
      pause();
    }
    decide("several tables", newRef());
    pause();
    journal.record(
        "several tables",
        "update positions",
        id -> supabase.update(id, "positions", "symbol=eq.AAA", "{\"note\":\"checked\"}"));
    pause();
    journal.record(
        "several tables",
        "delete orders",
        id -> supabase.delete(id, "orders", "status=eq.cancelled"));
    pause();
    settle("several tables");
    pause();
  }

  private void streaming() throws InterruptedException {
    for (int i = 0; i < 2; i++) {
      advice("streaming");
      pause();
    }
  }

  private void realtime() throws InterruptedException {
    String check = "realtime";
    try (ChangeSubscription subscription = new ChangeSubscription("decisions")) {
      journal.record(
          check,
          "subscribe decisions",
          id -> subscription.open(supabase, id, Math.max(20, pauseMillis / 4)));
      for (int i = 0; i < 2; i++) {
        pause();
        String ref = newRef();
        journal.record(
            check,
            "insert decisions, hear of it",
            id -> {
              int status = insertDecision(id, ref);
              subscription.awaitInsert(ref);
              return status;
            });
      }
    }
    pause();
  }

  private void agentLoop() throws InterruptedException {
    String check = "agent loop";
    for (int round = 0; round < rounds; round++) {
      select(check, "prices");
      pause();
      decide(check, newRef());
      pause();
      int quantity = 10 + round;
      journal.record(
          check,
          "update positions",
          id ->
              supabase.update(id, "positions", "symbol=eq.BBB", "{\"quantity\":" + quantity + "}"));
      pause();
      settle(check);
      advice(check);
      pause();
    }
  }

  private void select(String check, String table) throws InterruptedException {
    journal.record(check, "select " + table, id -> supabase.select(id, table, "select=*&limit=5"));
  }

  private void decide(String check, String ref) throws InterruptedException {
    journal.record(check, "insert decisions", id -> insertDecision(id, ref));
  }

  private int insertDecision(String requestId, String ref) throws IOException {
    return supabase.insert(
        requestId,
        "decisions",
        "{\"ref\":\"" + ref + "\",\"symbol\":\"AAA\",\"side\":\"buy\",\"quantity\":1}");
  }

  private void settle(String check) throws InterruptedException {
    journal.record(
        check,
        "rpc settle_position",
        id -> supabase.call(id, "settle_position", "{\"p_symbol\":\"AAA\",\"p_quantity\":1}"));
  }

  private void advice(String check) throws InterruptedException {
    journal.record(
        check, "stream advise", id -> supabase.advice(id, "{\"question\":\"what now?\"}"));
  }

  private void pause() throws InterruptedException {
    Thread.sleep(pauseMillis);
  }

  private static String newRef() {
    return UUID.randomUUID().toString();
  }
}

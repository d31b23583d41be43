package dev.freshwire.it.driver;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The forked JVM's main program, beside one version of one client. This package has byte code level
 * 8 and uses nothing but the JDK, so that it runs wherever the client does. It reads one JSON
 * command a line and answers each with one line that carries the command's {@code seq}. Commands
 * run side by side. End of input ends the JVM.
 */
public final class Driver {
  private final String implementation;
  private final PrintStream out;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, ClientUnderTest> clients = new ConcurrentHashMap<>();
  private final Map<String, Thread> callers = new HashMap<>();

  private Driver(String implementation, PrintStream out) {
    this.implementation = implementation;
    this.out = out;
  }

  /**
   * Runs until the end of the input.
   *
   * @param args the name of the {@link ClientUnderTest} to drive
   */
  public static void main(String[] args) throws IOException {
    Driver driver = new Driver(args[0], System.out);
    // Whatever a library prints must not get between the answers.
    System.setOut(System.err);
    BufferedReader in = new BufferedReader(new InputStreamReader(System.in, "UTF-8"));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      driver.accept(Json.parse(line));
    }
    // Client libraries leave threads that would keep the JVM for a minute.
    System.exit(0);
  }

  private void accept(Map<String, Object> command) {
    threads.execute(
        () -> {
          Map<String, @Nullable Object> answer = new LinkedHashMap<>();
          answer.put("seq", command.get("seq"));
          try {
            answer.putAll(run(command));
          } catch (Throwable e) {
            answer.put("failure", failure(e));
          }
          String line = Json.write(answer);
          synchronized (out) {
            out.println(line);
            out.flush();
          }
        });
  }

  private Map<String, Object> run(Map<String, Object> command) throws Exception {
    String op = text(command, "op");
    switch (op) {
      case "open":
        ClientUnderTest opened =
            Class.forName(implementation)
                .asSubclass(ClientUnderTest.class)
                .getConstructor()
                .newInstance();
        opened.open(new Settings(command));
        clients.put(text(command, "client"), opened);
        return new LinkedHashMap<>();
      case "call":
        return call(text(command, "client"), new Call(command)).toJson();
      case "burst":
        return burst(command);
      case "rate":
        return rate(command);
      case "cancel":
        client(text(command, "client")).cancel(text(command, "ticket"));
        return new LinkedHashMap<>();
      case "interrupt":
        synchronized (callers) {
          Thread caller = callers.get(text(command, "client") + text(command, "ticket"));
          if (caller != null) {
            caller.interrupt();
          }
        }
        return new LinkedHashMap<>();
      case "webSocket":
        Map<String, Object> echo = new LinkedHashMap<>();
        echo.put(
            "text",
            client(text(command, "client"))
                .webSocket(
                    text(command, "url"), number(command, "idle"), number(command, "heartbeat")));
        return echo;
      case "vitals":
        return vitals();
      case "close":
        client(text(command, "client")).close();
        clients.remove(text(command, "client"));
        return new LinkedHashMap<>();
      default:
        throw new IllegalArgumentException("unknown op " + op);
    }
  }

  private Reply call(String client, Call call) throws Exception {
    ClientUnderTest target = client(client);
    synchronized (callers) {
      callers.put(client + call.ticket(), Thread.currentThread());
    }
    try {
      return target.call(call);
    } finally {
      synchronized (callers) {
        callers.remove(client + call.ticket());
        // The thread goes back to a pool: an interrupt that came late is not for the next command.
        Thread.interrupted();
      }
    }
  }

  /**
   * Many calls, {@code concurrency} at a time, and {@code perSecond} at most if that is given;
   * methods alternate, ids are numbered from 0. What is under way {@code interruptAfter}
   * milliseconds from now, if that is given, is interrupted.
   */
  @SuppressWarnings("unchecked")
  private Map<String, Object> burst(Map<String, Object> command) throws Exception {
    String client = text(command, "client");
    int count = (int) number(command, "count");
    int concurrency = (int) number(command, "concurrency");
    List<String> methods = (List<String>) Objects.requireNonNull(command.get("methods"));
    String prefix = text(command, "idPrefix");
    long intervalNanos =
        command.containsKey("perSecond") ? 1_000_000_000L / number(command, "perSecond") : 0;
    long start = System.nanoTime();
    List<Object> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      results.add("");
    }
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> workers = new ArrayList<>();
    for (int i = 0; i < concurrency; i++) {
      workers.add(
          threads.submit(
              () -> {
                for (int n = next.getAndIncrement(); n < count; n = next.getAndIncrement()) {
                  park(start + n * intervalNanos);
                  Map<String, Object> values = new LinkedHashMap<>(command);
                  values.put("ticket", prefix + n);
                  values.put("method", methods.get(n % methods.size()));
                  Map<String, String> headers = new LinkedHashMap<>();
                  headers.put("X-Request-Id", prefix + n);
                  values.put("headers", headers);
                  Object result;
                  try {
                    result = call(client, new Call(values)).toJson();
                  } catch (Throwable e) {
                    Map<String, Object> failed = new LinkedHashMap<>();
                    failed.put("failure", failure(e));
                    result = failed;
                  }
                  synchronized (results) {
                    results.set(n, result);
                  }
                }
              }));
    }
    if (command.containsKey("interruptAfter")) {
      long until = start + TimeUnit.MILLISECONDS.toNanos(number(command, "interruptAfter"));
      if (!ended(workers, until)) {
        interrupt(client + prefix);
      }
    }
    for (Future<?> worker : workers) {
      worker.get();
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("results", results);
    return answer;
  }

  private static boolean ended(List<Future<?>> all, long until) throws Exception {
    try {
      for (Future<?> one : all) {
        one.get(until - System.nanoTime(), TimeUnit.NANOSECONDS);
      }
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  private void interrupt(String prefix) {
    synchronized (callers) {
      callers.forEach(
          (call, thread) -> {
            if (call.startsWith(prefix)) {
              thread.interrupt();
            }
          });
    }
  }

  /**
   * GETs at a fixed rate, however long each takes: a caller that does not slow down when the server
   * does. Answers the outcome of each, {@code 1} for a 200, after the time at which it began.
   */
  private Map<String, Object> rate(Map<String, Object> command) throws Exception {
    String client = text(command, "client");
    int count = (int) number(command, "count");
    long intervalNanos = 1_000_000_000L / number(command, "perSecond");
    List<Future<long[]>> calls = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < count; i++) {
      park(start + i * intervalNanos);
      Map<String, Object> values = new LinkedHashMap<>(command);
      values.put("ticket", "rate" + i);
      values.put("method", "GET");
      calls.add(
          threads.submit(
              () -> {
                long began = System.currentTimeMillis();
                try {
                  return new long[] {began, call(client, new Call(values)).isOk() ? 1 : 0};
                } catch (Exception e) {
                  return new long[] {began, 0};
                }
              }));
    }
    List<Object> began = new ArrayList<>();
    List<Object> outcomes = new ArrayList<>();
    for (Future<long[]> call : calls) {
      began.add(call.get()[0]);
      outcomes.add(call.get()[1]);
    }
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("began", began);
    answer.put("outcomes", outcomes);
    return answer;
  }

  private static void park(long until) {
    for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** What the JVM holds after a garbage collection. */
  private static Map<String, Object> vitals() {
    System.gc();
    Map<String, Object> answer = new LinkedHashMap<>();
    String[] descriptors = new File("/proc/self/fd").list();
    answer.put("descriptors", descriptors == null ? 0L : (long) descriptors.length);
    answer.put("threads", (long) ManagementFactory.getThreadMXBean().getThreadCount());
    answer.put("heap", ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      if (pool.getName().equals("Metaspace")) {
        answer.put("metaspace", pool.getUsage().getUsed());
      }
    }
    return answer;
  }

  private ClientUnderTest client(String name) {
    ClientUnderTest client = clients.get(name);
    if (client == null) {
      throw new IllegalArgumentException("no client " + name);
    }
    return client;
  }

  private static Map<String, Object> failure(Throwable thrown) {
    Map<String, Object> failure = new LinkedHashMap<>();
    failure.put("type", thrown.getClass().getName());
    failure.put("message", String.valueOf(thrown.getMessage()));
    List<String> causes = new ArrayList<>();
    for (Throwable cause = thrown.getCause();
        cause != null && causes.size() < 8;
        cause = cause.getCause()) {
      causes.add(cause.toString());
    }
    failure.put("causes", causes);
    List<String> suppressed = new ArrayList<>();
    for (Throwable other : thrown.getSuppressed()) {
      suppressed.add(other.toString());
    }
    failure.put("suppressed", suppressed);
    return failure;
  }

  private static String text(Map<String, Object> command, String key) {
    return Objects.toString(command.get(key), "");
  }

  private static long number(Map<String, Object> command, String key) {
    return (Long) Objects.requireNonNull(command.get(key), key);
  }
}

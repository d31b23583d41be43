package dev.freshwire.telemetry;

import dev.freshwire.policy.Origin;
import dev.freshwire.policy.PerOrigin;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.slf4j.Logger;

/** All that is counted in this JVM. Thread-safe. */
public final class Telemetry {
  /** Origins beyond it are counted together, so that a crawler does not grow the agent. */
  private static final int ORIGINS = 1_000;

  private static final int SHOWN_FRAMES = 20;

  private static final int SHOWN_CAUSES = 5;

  private final PerOrigin<OriginCounters> origins = new PerOrigin<>(ORIGINS, new Counting());
  private final Libraries libraries = new Libraries();
  private final LongAdder errors = new LongAdder();
  private final Set<String> reported = ConcurrentHashMap.newKeySet();

  /** A lambda would be slower to start. */
  static final class Counting implements Function<Origin, OriginCounters> {
    @Override
    public OriginCounters apply(Origin origin) {
      return new OriginCounters();
    }
  }

  /** The counters of an origin. */
  public OriginCounters of(String host, int port) {
    return origins.get(host, port);
  }

  /** Shows the counters of every origin that something was counted for, the shared ones last. */
  public void forEachOrigin(BiConsumer<Origin, OriginCounters> consumer) {
    origins.forEach(
        (origin, counters) -> {
          if (!counters.isEmpty()) {
            consumer.accept(origin, counters);
          }
        });
  }

  /** The client libraries that were found. */
  public Libraries libraries() {
    return libraries;
  }

  /** Begins to count from zero. */
  public void reset() {
    origins.forEach((origin, counters) -> counters.reset());
    libraries.reset();
    errors.reset();
  }

  /** Failures inside the agent; the application did not see them. */
  public long errors() {
    return errors.sum();
  }

  /**
   * A hook failed: as {@link #failed}, but without the exception's message, which may quote what an
   * application sends.
   */
  public void hookFailed(String hook, Throwable failure) {
    errors.increment();
    if (reported.add(hook)) {
      log()
          .warn(
              "{} failed and is passed over from now on where it fails: {}", hook, trace(failure));
    }
  }

  /** Types and places; messages only where they name code, as that of a field that is missing. */
  static String trace(Throwable failure) {
    StringBuilder trace = new StringBuilder(named(failure));
    StackTraceElement[] frames = failure.getStackTrace();
    for (int i = 0; i < Math.min(frames.length, SHOWN_FRAMES); i++) {
      trace.append("\n\tat ").append(frames[i]);
    }
    Throwable cause = failure.getCause();
    for (int i = 0; i < SHOWN_CAUSES && cause != null; i++) {
      trace.append("\nCaused by: ").append(named(cause));
      cause = cause.getCause();
    }
    return trace.toString();
  }

  private static String named(Throwable failure) {
    // That of an initializer quotes whatever it failed with.
    boolean namesCode =
        failure instanceof ReflectiveOperationException
            || (failure instanceof LinkageError
                && !(failure instanceof ExceptionInInitializerError));
    return namesCode ? failure.toString() : failure.getClass().getName();
  }

  /** A class could not be rewritten, or alike: logged the first time, counted each time. */
  public void failed(String where, Throwable failure) {
    errors.increment();
    if (reported.add(where)) {
      log().warn("{} failed and is passed over from now on where it fails", where, failure);
    }
  }

  /**
   * What Auth keeps for this origin stays in memory: logged the first time, counted each time.
   *
   * @param observing whether it only would
   */
  public void sessionKeptInMemory(String host, int port, boolean observing) {
    of(host, port).add(Counter.SESSIONS_KEPT_IN_MEMORY);
    if (reported.add("session in memory")) {
      log()
          .info(
              "{}:{}: what Auth keeps by default in the user's preferences {} kept in memory",
              host,
              port,
              observing ? "would be" : "is");
    }
  }

  /** Local ports towards an origin run out: logged the first time for each. */
  public void portsScarce(String host, int port, int taken, int of) {
    if (reported.add("ports " + host + ':' + port)) {
      log()
          .warn(
              "{}:{}: {} of {} local ports are taken towards it, connections are reused until there"
                  + " are more",
              host,
              port,
              taken,
              of);
    }
  }

  /** There are enough local ports again. */
  public void portsBack(String host, int port) {
    log().debug("{}:{}: there are enough local ports again", host, port);
  }

  /** A kind of socket of which cannot be told whether it is alive: logged the first time. */
  public void cannotLookAt(String type) {
    if (reported.add(type)) {
      log().warn("{}: cannot be asked whether it is alive, its connections are not reused", type);
    }
  }

  /** A client of which spare connections cannot be had: logged the first time. */
  public void makesNoSpares(String client, String missing) {
    if (reported.add("prewarm " + client)) {
      log().warn("{}: no spare connections are made, prewarm has no effect: {}", client, missing);
    }
  }

  /** Made when it is first needed: SLF4J takes longer to start than the agent. */
  public static Logger log() {
    return Logging.log();
  }
}

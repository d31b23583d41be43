package dev.freshwire.telemetry;

import dev.freshwire.policy.RetryVerdict;
import org.jspecify.annotations.Nullable;

/**
 * Finds Flight Recorder, which is not in every JVM: Java 8 has it from update 262 on, and an image
 * made by {@code jlink} may be without.
 */
public final class Recorder {
  private static final String FLIGHT = "dev.freshwire.telemetry.flight.FlightEvents";

  private static @Nullable Events found;

  private Recorder() {}

  /** Where events are recorded; nowhere when this JVM has no Flight Recorder. */
  public static synchronized Events events() {
    if (found == null) {
      try {
        // Asked for first, so that its absence is one exception and no linkage error.
        Class.forName("jdk.jfr.Event", false, Recorder.class.getClassLoader());
        Class.forName(FLIGHT, true, Recorder.class.getClassLoader());
      } catch (ClassNotFoundException | LinkageError withoutFlightRecorder) {
        found = new Nowhere();
      }
    }
    return found == null ? new Nowhere() : found;
  }

  /** Called by the class that names Flight Recorder's types when it is initialised. */
  public static void use(Events events) {
    found = events;
  }

  private static final class Nowhere implements Events {
    @Override
    public void connectionOpened(String host, int port) {}

    @Override
    public void retryDecided(
        String host,
        int port,
        String method,
        int attempt,
        RetryVerdict verdict,
        long delayMillis,
        boolean acted) {}

    @Override
    public void timeoutApplied(
        String host, int port, String kind, long before, long millis, boolean acted) {}
  }
}

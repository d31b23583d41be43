package dev.freshwire.telemetry;

import dev.freshwire.policy.RetryVerdict;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one origin. Thread-safe, without contention between threads. */
@SuppressWarnings("EnumOrdinal") // an index into an array that lives as long as the enum does
public final class OriginCounters {
  private final LongAdder[] counters = adders(Counter.values().length);
  private final LongAdder[] verdicts = adders(RetryVerdict.values().length);

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
  }

  public void add(Counter counter) {
    counters[counter.ordinal()].increment();
  }

  public void add(RetryVerdict verdict) {
    verdicts[verdict.ordinal()].increment();
  }

  public long get(Counter counter) {
    return counters[counter.ordinal()].sum();
  }

  public long get(RetryVerdict verdict) {
    return verdicts[verdict.ordinal()].sum();
  }

  /** Retries that were decided on, for whatever reason. */
  long retries() {
    long retries = 0;
    for (RetryVerdict verdict : RetryVerdict.values()) {
      retries += verdict.retries() ? get(verdict) : 0;
    }
    return retries;
  }

  /** Whether nothing was counted yet. */
  boolean isEmpty() {
    for (LongAdder adder : counters) {
      if (adder.sum() != 0) {
        return false;
      }
    }
    for (LongAdder adder : verdicts) {
      if (adder.sum() != 0) {
        return false;
      }
    }
    return true;
  }

  void reset() {
    for (LongAdder adder : counters) {
      adder.reset();
    }
    for (LongAdder adder : verdicts) {
      adder.reset();
    }
  }
}

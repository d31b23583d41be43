package dev.freshwire.policy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what this thread allocates. */
final class Allocation {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private Allocation() {}

  /** Bytes allocated by 100,000 runs, after as many to warm up. */
  static long of(Runnable action) {
    long allocated = 0;
    for (int round = 0; round < 2; round++) {
      long before = THREADS.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 100_000; i++) {
        action.run();
      }
      allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    }
    return allocated;
  }
}

package dev.freshwire.benchmarks.startup;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;

/** What a process has used, by the kernel's own account. */
final class Census {
  private Census() {}

  /** Prints it if this run is for counting, which is not timed. */
  static void print() throws IOException {
    if (Boolean.getBoolean("census")) {
      try (InputStream status = new FileInputStream("/proc/self/status")) {
        System.out.write(status.readAllBytes());
        System.out.flush();
      }
    }
  }
}

package dev.freshwire.benchmarks.calls;

import com.sun.management.ThreadMXBean;
import dev.freshwire.benchmarks.clients.Caller;
import dev.freshwire.benchmarks.clients.Library;
import dev.freshwire.benchmarks.server.ServerProcess;
import dev.freshwire.benchmarks.server.Service;
import java.lang.management.ManagementFactory;

/**
 * Prints what one call with OkHttp allocates in its thread, and the connections it takes, in a JVM
 * that only interprets: what a compiler makes of it would differ from run to run.
 */
public final class Footprint {
  private static final int WARM_UP = 100;
  private static final int CALLS = 200;

  private Footprint() {}

  /** Takes the label of the variant. */
  public static void main(String[] arguments) throws Exception {
    Variant variant = Variant.of(arguments[0]);
    variant.requireIn(ManagementFactory.getRuntimeMXBean().getInputArguments());
    ThreadMXBean threads = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
    long thread = Thread.currentThread().getId();
    try (ServerProcess server = ServerProcess.start(Service.plain())) {
      Caller caller =
          Library.OKHTTP.open(
              new Caller.Errand(server.url() + "/1024", -1),
              server,
              variant == Variant.FRESH_BY_HAND);
      for (int i = 0; i < WARM_UP; i++) {
        caller.call();
      }
      server.newCounts();
      long before = threads.getThreadAllocatedBytes(thread);
      for (int i = 0; i < CALLS; i++) {
        caller.call();
      }
      long allocated = threads.getThreadAllocatedBytes(thread) - before;
      System.out.println(allocated / CALLS + " " + server.newCounts().connections() * 100 / CALLS);
    }
    System.exit(0);
  }
}

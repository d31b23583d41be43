package dev.freshwire.benchmarks.scale;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.freshwire.benchmarks.server.ServerProcess;
import dev.freshwire.benchmarks.server.Service;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * A JVM that makes very many, very large or very scattered calls with OkHttp, and prints what it
 * holds early and late.
 */
public final class Load {

  /** What there is much of. */
  public enum Kind {
    /** One kilobyte, that many times; early is after a tenth of them. */
    REQUESTS(4, 10),
    /** The same, where the agent has that many host patterns. */
    PATTERNS(4, 10),
    /** 100 MB, streamed, that many times. */
    BODIES(1, 10),
    /** One request to each of that many origins, twice round; early is after the first round. */
    ORIGINS(1, 2);

    private final int threads;
    private final int early;

    Kind(int threads, int early) {
      this.threads = threads;
      this.early = early;
    }

    /** How many calls that makes. */
    public int calls(int count) {
      return switch (this) {
        case ORIGINS -> 2 * count;
        case PATTERNS -> 20_000;
        case REQUESTS, BODIES -> count;
      };
    }
  }

  private static final int LARGE = 100_000_000;

  private final OkHttpClient client = new OkHttpClient();
  private final AtomicLong begun = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicLong peakHeap = new AtomicLong();
  private final Kind kind;
  private final long end;

  private Load(Kind kind, long seconds) {
    this.kind = kind;
    end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
  }

  /** Takes the {@link Kind}, how many, and after how many seconds to stop before all are done. */
  public static void main(String[] arguments) throws Exception {
    new Load(Kind.valueOf(arguments[0]), Long.parseLong(arguments[2]))
        .run(Integer.parseInt(arguments[1]));
    System.exit(0);
  }

  private void run(int count) throws Exception {
    int calls = kind.calls(count);
    List<String> urls = new ArrayList<>();
    ExecutorService threads = Executors.newFixedThreadPool(kind.threads);
    try (ServerProcess server =
        ServerProcess.start(Service.plain(), kind == Kind.ORIGINS ? count : 1)) {
      String path = "/" + (kind == Kind.BODIES ? LARGE : 1024);
      server.urls().forEach(url -> urls.add(url + path));
      long start = System.nanoTime();
      until(Math.max(1, calls / kind.early), urls, threads);
      print("early");
      until(calls, urls, threads);
      print("late");
      System.out.println("seconds " + (System.nanoTime() - start) / 1e9);
      ServerProcess.Counts counts = server.newCounts();
      System.out.println("connections " + counts.connections() / (double) counts.requests());
      System.out.println("calls " + counts.requests());
      System.out.println("errors " + failed);
      System.out.println("peak heap MB " + peakHeap.get() / 1e6);
    } finally {
      threads.shutdown();
    }
  }

  /** All threads together, until so many calls have begun since the start, or time is up. */
  private void until(int calls, List<String> urls, ExecutorService threads) throws Exception {
    Callable<@Nullable Void> share =
        () -> {
          byte[] buffer = new byte[1 << 16];
          while (System.nanoTime() - end < 0) {
            long number = begun.getAndIncrement();
            if (number >= calls) {
              begun.decrementAndGet();
              break;
            }
            get(urls.get((int) (number % urls.size())), buffer);
          }
          return null;
        };
    for (Future<@Nullable Void> done :
        threads.invokeAll(Collections.nCopies(kind.threads, share))) {
      done.get();
    }
  }

  private void get(String url, byte[] buffer) {
    try (Response response = client.newCall(new Request.Builder().url(url).build()).execute();
        InputStream body = response.body().byteStream()) {
      long left = Long.parseLong(response.header("Content-Length", "0"));
      boolean large = left > buffer.length;
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        left -= read;
      }
      if (left != 0 || !response.isSuccessful()) {
        throw new IOException("Answered " + response.code() + ", short by " + left);
      }
      if (large) {
        peakHeap.accumulateAndGet(usedHeap(), Math::max);
      }
    } catch (IOException e) {
      if (failed.getAndIncrement() == 0) {
        System.err.println(e);
      }
    }
  }

  private static long usedHeap() {
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  private static void print(String when) {
    System.gc();
    double metaspace = 0;
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      metaspace += pool.getName().equals("Metaspace") ? pool.getUsage().getUsed() : 0;
    }
    var system = ManagementFactory.getPlatformMXBean(UnixOperatingSystemMXBean.class);
    System.out.printf(
        Locale.ROOT,
        "%1$s heap MB %2$.2f%n%1$s metaspace MB %3$.2f%n%1$s threads %4$d%n%1$s descriptors %5$d%n",
        when,
        usedHeap() / 1e6,
        metaspace / 1e6,
        ManagementFactory.getThreadMXBean().getThreadCount(),
        system.getOpenFileDescriptorCount());
  }
}

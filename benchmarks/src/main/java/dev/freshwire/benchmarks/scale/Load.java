package dev.freshwire.benchmarks.scale;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.freshwire.benchmarks.server.ServerProcess;
import dev.freshwire.benchmarks.server.Service;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.util.List;
import java.util.Locale;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A JVM that makes very many, very large or very scattered calls with OkHttp, and prints what it
 * holds after a tenth of them and after all.
 */
public final class Load {

  /** What there is much of. */
  public enum Kind {
    /** One kilobyte, that many times. */
    REQUESTS,
    /** 100 MB, streamed, that many times. */
    BODIES,
    /** One request to each of that many origins, twice round. */
    ORIGINS
  }

  private static final int LARGE = 100_000_000;

  private final OkHttpClient client = new OkHttpClient();
  private final byte[] buffer = new byte[1 << 16];
  private long failed;
  private long peakHeap;

  private Load() {}

  /** Takes the {@link Kind} and how many. */
  public static void main(String[] arguments) throws Exception {
    new Load().run(Kind.valueOf(arguments[0]), Integer.parseInt(arguments[1]));
    System.exit(0);
  }

  private void run(Kind kind, int count) throws Exception {
    int origins = kind == Kind.ORIGINS ? count : 1;
    int calls = kind == Kind.ORIGINS ? 2 * count : count;
    try (ServerProcess server = ServerProcess.start(Service.plain(), origins)) {
      List<String> urls = server.urls();
      String path = "/" + (kind == Kind.BODIES ? LARGE : 1024);
      int tenth = Math.max(1, calls / 10);
      long start = System.nanoTime();
      for (int i = 0; i < calls; i++) {
        get(urls.get(i % origins) + path);
        if (i + 1 == tenth) {
          print("early");
        }
      }
      print("late");
      System.out.println("seconds " + (System.nanoTime() - start) / 1e9);
      System.out.println("connections " + server.newCounts().connections() / (double) calls);
      System.out.println("errors " + failed);
      System.out.println("peak heap MB " + peakHeap / 1e6);
    }
  }

  private void get(String url) {
    try (Response response = client.newCall(new Request.Builder().url(url).build()).execute();
        InputStream body = response.body().byteStream()) {
      long left = Long.parseLong(response.header("Content-Length", "0"));
      boolean large = left > buffer.length;
      for (int read = body.read(buffer); read >= 0; read = body.read(buffer)) {
        left -= read;
      }
      if (left != 0) {
        throw new IOException("Short by " + left);
      }
      if (large) {
        peakHeap = Math.max(peakHeap, usedHeap());
      }
    } catch (IOException e) {
      if (failed++ == 0) {
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

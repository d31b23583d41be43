package dev.freshwire.it.operations;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * An application that opens more connections than there are local ports, and the server that it
 * calls. Its arguments: how many requests it makes at once, and whether it then waits for a line on
 * its standard input and makes a few more.
 */
final class BusyApplication {
  private static final int PORT = 8080;
  private static final int THREADS = 8;

  /** So few that local ports do not run out again. */
  static final int AFTERWARDS = 10;

  private BusyApplication() {}

  public static void main(String[] arguments) throws Exception {
    HttpServer server =
        HttpServer.create(
            new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), PORT), 200);
    ExecutorService answering = Executors.newCachedThreadPool();
    server.setExecutor(answering);
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(200, 2);
          exchange.getResponseBody().write(new byte[] {'o', 'k'});
          exchange.close();
        });
    server.start();
    OkHttpClient client = new OkHttpClient();
    AtomicInteger ok = new AtomicInteger();
    AtomicInteger failed = new AtomicInteger();
    int count = Integer.parseInt(arguments[0]);
    ExecutorService threads = Executors.newFixedThreadPool(THREADS);
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      running.add(
          threads.submit(
              () -> {
                while (next.getAndIncrement() < count) {
                  (get(client) ? ok : failed).incrementAndGet();
                }
              }));
    }
    for (Future<?> thread : running) {
      thread.get();
    }
    if (Boolean.parseBoolean(arguments[1]) && System.in.read() >= 0) {
      for (int i = 0; i < AFTERWARDS; i++) {
        (get(client) ? ok : failed).incrementAndGet();
      }
    }
    System.out.println("ok " + ok + ", failed " + failed);
    System.exit(0);
  }

  private static boolean get(OkHttpClient client) {
    Request request = new Request.Builder().url("http://127.0.0.1:" + PORT + "/").build();
    try (Response response = client.newCall(request).execute()) {
      return response.body().bytes().length == 2;
    } catch (IOException e) {
      return false;
    }
  }
}

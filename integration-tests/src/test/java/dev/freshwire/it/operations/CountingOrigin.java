package dev.freshwire.it.operations;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** Counts connections and arrivals; below {@code /503} it is not available. */
final class CountingOrigin implements AutoCloseable {
  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Integer> connections = ConcurrentHashMap.newKeySet();
  private final Map<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();

  CountingOrigin() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  private void answer(HttpExchange exchange) throws IOException {
    connections.add(exchange.getRemoteAddress().getPort());
    String id = exchange.getRequestHeaders().getFirst("X-Id");
    arrivals.computeIfAbsent(id, x -> new AtomicInteger()).incrementAndGet();
    exchange.getRequestBody().readAllBytes();
    boolean unavailable = exchange.getRequestURI().getPath().startsWith("/503");
    exchange.sendResponseHeaders(unavailable ? 503 : 200, 2);
    exchange.getResponseBody().write(new byte[] {'o', 'k'});
    exchange.close();
  }

  String url() {
    return "http://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** The connections that requests came on since this was asked last. */
  int newConnections() {
    int count = connections.size();
    connections.clear();
    return count;
  }

  /** How often each request arrived since this was asked last, by its id. */
  Map<String, AtomicInteger> newArrivals() {
    Map<String, AtomicInteger> counted = Map.copyOf(arrivals);
    arrivals.clear();
    return counted;
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

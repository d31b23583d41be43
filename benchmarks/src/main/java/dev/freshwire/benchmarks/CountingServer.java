package dev.freshwire.benchmarks;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A process of its own that answers each GET on loopback with one kilobyte and counts the
 * connections it accepts and the requests it answers: counts that no client can flatter.
 *
 * <p>It prints its port, then both counts for each line that it reads, and ends with its input.
 */
public final class CountingServer {

  private static final byte[] RESPONSE = response(1024);

  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final ServerSocket listener;
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "connection");
            thread.setDaemon(true);
            return thread;
          });

  private CountingServer(ServerSocket listener) {
    this.listener = listener;
  }

  /** Serves until standard input ends. */
  public static void main(String[] arguments) throws IOException {
    try (ServerSocket listener = new ServerSocket(0, 1024, InetAddress.getLoopbackAddress())) {
      CountingServer server = new CountingServer(listener);
      server.threads.execute(server::accept);
      System.out.println(listener.getLocalPort());
      BufferedReader questions =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      while (questions.readLine() != null) {
        System.out.println(server.accepted.get() + " " + server.answered.get());
      }
    }
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket connection = listener.accept();
        accepted.incrementAndGet();
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        // The listener was closed: the process is about to end.
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      // Without it the second of two small writes waits for a delayed ACK of the client.
      connection.setTcpNoDelay(true);
      InputStream requests = new BufferedInputStream(connection.getInputStream());
      OutputStream responses = connection.getOutputStream();
      while (readHead(requests)) {
        // Before the answer: whoever has the answer finds it counted.
        answered.incrementAndGet();
        responses.write(RESPONSE);
      }
    } catch (IOException e) {
      // The client went away: its own side of the benchmark reports what it missed.
      return;
    }
  }

  /** Consumes a request up to the empty line; false at the end of the connection. */
  private static boolean readHead(InputStream requests) throws IOException {
    int lineLength = 0;
    for (int next = requests.read(); next >= 0; next = requests.read()) {
      if (next == '\n') {
        if (lineLength == 0) {
          return true;
        }
        lineLength = 0;
      } else if (next != '\r') {
        lineLength++;
      }
    }
    return false;
  }

  private static byte[] response(int bodyLength) {
    String head =
        String.format(
            Locale.ROOT,
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
            bodyLength);
    return (head + "1".repeat(bodyLength)).getBytes(StandardCharsets.US_ASCII);
  }
}

package dev.freshwire.it.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP proxy that knows CONNECT, to loopback, and counts its tunnels. */
@SuppressWarnings("FutureReturnValueIgnored") // Failed writes show as a closed channel.
public final class ConnectProxy implements Closeable {
  private static final int HEAD_LIMIT = 8192;

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool(ConnectProxy::daemon);
  private final AtomicInteger tunnels = new AtomicInteger();

  private ConnectProxy(ServerSocket listener) {
    this.listener = listener;
  }

  public static ConnectProxy start() {
    try {
      ConnectProxy proxy = new ConnectProxy(new ServerSocket(0, 128, FaultServer.loopback()));
      proxy.threads.execute(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return listener.getLocalPort();
  }

  public int tunnels() {
    return tunnels.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      if (!head.startsWith("CONNECT ")) {
        say(client, "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
        return;
      }
      String target = head.split(" ", 3)[1];
      int port = Integer.parseInt(target.substring(target.lastIndexOf(':') + 1));
      try (Socket origin = new Socket(FaultServer.loopback(), port)) {
        tunnels.incrementAndGet();
        say(client, "HTTP/1.1 200 Connection established\r\n\r\n");
        threads.execute(() -> pump(origin, client));
        pump(client, origin);
      }
    } catch (IOException e) {
      // Either side went: so does the tunnel.
    }
  }

  private static void pump(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // As above.
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.length() < HEAD_LIMIT && head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      if (next < 0) {
        break;
      }
      head.append((char) next);
    }
    return head.toString();
  }

  private static void say(Socket client, String text) throws IOException {
    OutputStream out = client.getOutputStream();
    out.write(text.getBytes(StandardCharsets.US_ASCII));
    out.flush();
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "connect-proxy");
    thread.setDaemon(true);
    return thread;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
  }
}

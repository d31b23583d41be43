package dev.freshwire.it.faults;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy to loopback: it opens tunnels and forwards plain requests, and counts. What comes
 * over one connection goes on over one.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Failed writes show as a closed channel.
public final class ConnectProxy implements Closeable {
  private static final int HEAD_LIMIT = 8192;
  private static final String ESTABLISHED = "HTTP/1.1 200 Connection established\r\n\r\n";

  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool(ConnectProxy::daemon);
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger tunnels = new AtomicInteger();
  private volatile @Nullable Silence silence;

  /** From where on it says nothing more, on connections that it still accepts. */
  public enum Silence {
    /** It reads what it is asked for. */
    BEFORE_THE_TUNNEL,
    /** It says that the tunnel is open. */
    IN_THE_TUNNEL
  }

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

  /** All that were accepted. */
  public int connections() {
    return connections.get();
  }

  public int tunnels() {
    return tunnels.get();
  }

  /** What comes from now on is not served. */
  public void fallSilent(Silence from) {
    silence = from;
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        threads.execute(() -> serve(client));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      String head = head(client.getInputStream());
      Silence silence = this.silence;
      if (silence != null) {
        if (silence == Silence.IN_THE_TUNNEL) {
          say(client, ESTABLISHED);
        }
        client.getInputStream().transferTo(OutputStream.nullOutputStream());
        return;
      }
      String target = head.split(" ", 3)[1];
      boolean tunnel = head.startsWith("CONNECT ");
      int port =
          tunnel
              ? Integer.parseInt(target.substring(target.lastIndexOf(':') + 1))
              : URI.create(target).getPort();
      try (Socket origin = new Socket(FaultServer.loopback(), port)) {
        if (tunnel) {
          tunnels.incrementAndGet();
          say(client, ESTABLISHED);
        } else {
          say(origin, head);
        }
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

  private static void say(Socket to, String text) throws IOException {
    OutputStream out = to.getOutputStream();
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

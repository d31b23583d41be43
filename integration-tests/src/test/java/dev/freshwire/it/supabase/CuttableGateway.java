package dev.freshwire.it.supabase;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Passes connections on to the twin until it cuts them all. Thread-safe. */
final class CuttableGateway implements AutoCloseable {
  private final ServerSocket listener;
  private final int twinPort;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger accepted = new AtomicInteger();

  CuttableGateway(int twinPort) throws IOException {
    this.twinPort = twinPort;
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Connections since the start. */
  int accepted() {
    return accepted.get();
  }

  /** Resets what is connected; new connections are passed on. */
  void cut() {
    for (Socket client : open) {
      try (client) {
        client.setSoLinger(true, 0);
      } catch (IOException e) {
        // It has ended.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    cut();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        accepted.incrementAndGet();
        open.add(client);
        start(() -> serve(client));
      } catch (IOException e) {
        // Closed: the loop's condition tells.
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket twin = new Socket(InetAddress.getLoopbackAddress(), twinPort)) {
      start(() -> pass(client, twin));
      pass(twin, client);
    } catch (IOException e) {
      // One of the two is gone, and with it the other.
    } finally {
      open.remove(client);
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      in.transferTo(out);
      to.shutdownOutput();
    } catch (IOException e) {
      // One of the two is gone.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "cuttable-gateway");
    thread.setDaemon(true);
    thread.start();
  }
}

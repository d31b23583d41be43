package dev.freshwire.it.supabase;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Random;

/**
 * Passes connections on to the twin and harms every second one of them or fewer, never two in
 * succession, as a seed decides: whoever tries again is served.
 */
final class LossyGateway implements AutoCloseable {
  private enum Fate {
    SERVED,
    /** Reset when it is accepted: nothing was sent. */
    REFUSED,
    /** Reset when the request has come: the twin never sees it. */
    REQUEST_LOST,
    /** Reset when the twin has answered: it has done what was asked, and nobody hears of it. */
    ANSWER_LOST
  }

  private final ServerSocket listener;
  private final int twinPort;
  private final Random random;
  private int answersLost;

  LossyGateway(int twinPort, long seed) throws IOException {
    this.twinPort = twinPort;
    this.random = new Random(seed);
    this.listener = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Requests that were answered in vain. */
  synchronized int answersLost() {
    return answersLost;
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }

  private void accept() {
    Fate last = Fate.SERVED;
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        Fate fate =
            last == Fate.SERVED ? Fate.values()[random.nextInt(Fate.values().length)] : Fate.SERVED;
        last = fate;
        start(() -> serve(client, fate));
      } catch (IOException e) {
        // Closed: the loop's condition tells.
      }
    }
  }

  private void serve(Socket client, Fate fate) {
    try (client;
        Socket twin = new Socket(InetAddress.getLoopbackAddress(), twinPort)) {
      client.setTcpNoDelay(true);
      if (fate == Fate.REFUSED) {
        client.setSoLinger(true, 0);
        return;
      }
      byte[] buffer = new byte[16 * 1024];
      int read = client.getInputStream().read(buffer);
      if (fate == Fate.REQUEST_LOST) {
        client.setSoLinger(true, 0);
        return;
      }
      if (read < 0) {
        return;
      }
      twin.getOutputStream().write(buffer, 0, read);
      start(() -> pass(client, twin));
      if (fate == Fate.ANSWER_LOST) {
        if (twin.getInputStream().read(buffer) > 0) {
          synchronized (this) {
            answersLost++;
          }
        }
        client.setSoLinger(true, 0);
        return;
      }
      pass(twin, client);
    } catch (IOException e) {
      // One of the two is gone, and with it the other.
    }
  }

  private static void pass(Socket from, Socket to) {
    try {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[16 * 1024];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, read);
      }
      to.shutdownOutput();
    } catch (IOException e) {
      // One of the two is gone.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "lossy-gateway");
    thread.setDaemon(true);
    thread.start();
  }
}

package dev.freshwire.it.hostile;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends bytes to whoever connects, as soon as something has arrived, and hangs up. */
final class RawServer implements AutoCloseable {
  /** Writes the bytes; may fail, as the client may have had enough. */
  @FunctionalInterface
  interface Answer {
    void write(OutputStream out) throws IOException;
  }

  private final ServerSocket listener;
  private final Answer answer;
  private final AtomicInteger connections = new AtomicInteger();

  RawServer(Answer answer) {
    this.answer = answer;
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread thread = new Thread(this::accept, "raw-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        connections.incrementAndGet();
        socket.setSoTimeout(5_000);
        InputStream in = socket.getInputStream();
        byte[] some = new byte[16_384];
        if (in.read(some) >= 0) {
          answer.write(socket.getOutputStream());
          socket.shutdownOutput();
          // What still comes is read, so that the client is not reset before it has read.
          in.transferTo(OutputStream.nullOutputStream());
        }
      } catch (IOException theClientHasGone) {
        // That may be what it is expected to do.
      }
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  int connections() {
    return connections.get();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}

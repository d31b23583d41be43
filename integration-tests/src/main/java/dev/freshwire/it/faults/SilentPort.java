package dev.freshwire.it.faults;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;

/**
 * A port whose backlog is full and never drained: connecting to it is neither accepted nor refused.
 */
public final class SilentPort implements Closeable {
  private static final int PROBE_MILLIS = 200;
  private static final int MOST_FILLERS = 64;

  private final ServerSocket listener;
  private final List<Socket> fillers = new ArrayList<>();

  private SilentPort(ServerSocket listener) {
    this.listener = listener;
  }

  /** On an ephemeral port of 127.0.0.1. */
  public static SilentPort open() throws IOException {
    return open(FaultServer.loopback(), 0);
  }

  /** On this loopback address and port. */
  public static SilentPort open(InetAddress address, int port) throws IOException {
    SilentPort silent = new SilentPort(new ServerSocket(port, 1, address));
    silent.fill();
    return silent;
  }

  public int port() {
    return listener.getLocalPort();
  }

  private void fill() throws IOException {
    for (int i = 0; i < MOST_FILLERS; i++) {
      Socket filler = new Socket();
      fillers.add(filler);
      try {
        filler.connect(new InetSocketAddress(listener.getInetAddress(), port()), PROBE_MILLIS);
      } catch (SocketTimeoutException full) {
        return;
      }
    }
    throw new IOException("the backlog never fills on this system");
  }

  @Override
  public void close() throws IOException {
    for (Socket filler : fillers) {
      filler.close();
    }
    listener.close();
  }
}

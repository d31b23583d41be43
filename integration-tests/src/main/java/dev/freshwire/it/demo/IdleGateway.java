package dev.freshwire.it.demo;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntPredicate;
import java.util.function.LongSupplier;

/**
 * A TCP gateway that stops serving a connection once it has been idle after a response, as the
 * devices between an application and a hosted database do. It never harms a connection before its
 * first response is complete, nor one that is in use: whoever opens a connection per request does
 * not notice it.
 *
 * <p>Which {@link Fate} a connection meets depends only on its number and the seed, so that a run
 * can be repeated. Bytes are passed on unread; TLS and HTTP/2 go through as they are.
 */
public final class IdleGateway implements Gateway {

  /** What becomes of a connection that was left idle. */
  enum Fate {
    /**
     * Closed with a FIN when the time is up. Kong and nginx (75 s), Node (5 s): every HTTP server
     * with a keep-alive timeout. OkHttp takes another connection, unless it was told not to.
     */
    CLOSED,
    /**
     * The next packet is answered with a RST, since nobody knows the flow any more. AWS NLB (350
     * s), Azure Load Balancer with TCP reset on idle (4 min), AWS NAT gateway (350 s).
     */
    RESET,
    /**
     * The next packets vanish. Firewalls and carrier NAT that drop what is in no table; a Linux
     * router whose conntrack entry is gone and whose rules drop INVALID; Azure Load Balancer
     * without TCP reset. The caller waits until its own timeout.
     */
    SILENT,
    /**
     * The next request is passed on, and the connection is reset before the answer comes back. An
     * instance that is being replaced: nginx after a reload with {@code worker_shutdown_timeout},
     * an Envoy or Kong pod killed at the end of its drain time. What is still connected to it goes
     * down with it; new connections reach its successor. The server has done the work all the same.
     */
    REPLACED
  }

  /**
   * Dealt out in an order that the seed decides, and shuffled anew once it is used up: every seven
   * connections meet all of it, and no rhythm of the application keeps meeting the same one.
   */
  private static final List<Fate> DECK =
      List.of(
          Fate.CLOSED,
          Fate.RESET,
          Fate.RESET,
          Fate.SILENT,
          Fate.REPLACED,
          Fate.REPLACED,
          Fate.REPLACED);

  private static final int POLL_MILLIS = 20;
  private static final int BUFFER = 16 * 1024;

  /** How long the answer is collected before the reset: all of it must have been on its way. */
  private static final int ANSWER_MILLIS = 50;

  private final ServerSocket listener;
  private final int upstreamPort;
  private final IntPredicate answered;
  private final long idleNanos;
  private final LongSupplier clock;
  private final List<Fate> deck = new ArrayList<>(DECK);
  private final Random random;
  private final List<Long> accepted = Collections.synchronizedList(new ArrayList<>());
  private final Set<Flow> flows = ConcurrentHashMap.newKeySet();

  /**
   * Opens a port.
   *
   * @param upstreamPort the server's port on 127.0.0.1
   * @param answered whether a response was completed on the connection that leaves from a local
   *     port. A device does not know that; told so, the gateway can have an idle limit of a
   *     fraction of a second, instead of minutes, without striking a handshake that a cold JVM
   *     makes slow.
   * @param idle how long a connection may be idle
   * @param seed decides the order of the fates
   */
  public IdleGateway(int upstreamPort, IntPredicate answered, Duration idle, long seed)
      throws IOException {
    this(upstreamPort, answered, idle, seed, System::nanoTime);
  }

  /** As above, with the clock that {@code idle} is measured by, in nanoseconds. */
  IdleGateway(int upstreamPort, IntPredicate answered, Duration idle, long seed, LongSupplier clock)
      throws IOException {
    this.clock = clock;
    this.upstreamPort = upstreamPort;
    this.answered = answered;
    this.idleNanos = idle.toNanos();
    this.random = new Random(seed);
    listener = new ServerSocket(0, 512, InetAddress.getLoopbackAddress());
    start("gateway", this::accept);
  }

  @Override
  public int port() {
    return listener.getLocalPort();
  }

  @Override
  public List<Long> accepted() {
    synchronized (accepted) {
      return List.copyOf(accepted);
    }
  }

  @Override
  public String description() {
    return "a gateway that drops connections idle for "
        + TimeUnit.NANOSECONDS.toMillis(idleNanos)
        + " ms";
  }

  @Override
  public void close() throws IOException {
    listener.close();
    flows.forEach(Flow::end);
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        int number = accepted.size();
        accepted.add(System.currentTimeMillis());
        if (number % deck.size() == 0) {
          Collections.shuffle(deck, random);
        }
        Flow flow = new Flow(client, deck.get(number % deck.size()));
        flows.add(flow);
        start("gateway-" + number, flow::connect);
      } catch (IOException e) {
        // Closed while waiting, or the client is gone already: the loop's condition tells which.
      }
    }
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void closeQuietly(Closeable closeable) {
    try {
      closeable.close();
    } catch (IOException e) {
      // It is gone, which is what was asked for.
    }
  }

  /** One connection and its other half. */
  private final class Flow {
    private final Socket client;
    private final Fate fate;
    private final Socket upstream = new Socket();
    private final AtomicInteger halvesClosed = new AtomicInteger();
    private volatile long lastByte = clock.getAsLong();
    private volatile boolean serverSpokeLast;
    private volatile boolean replaced;

    Flow(Socket client, Fate fate) {
      this.client = client;
      this.fate = fate;
    }

    void connect() {
      try {
        client.setTcpNoDelay(true);
        upstream.setTcpNoDelay(true);
        upstream.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), upstreamPort));
        start(Thread.currentThread().getName() + "-answers", this::passAnswers);
        passRequests();
      } catch (IOException e) {
        end();
      }
    }

    private void passRequests() {
      byte[] buffer = new byte[BUFFER];
      try {
        InputStream in = client.getInputStream();
        OutputStream out = upstream.getOutputStream();
        // Looks at the clock often enough to close on time.
        client.setSoTimeout(POLL_MILLIS);
        while (true) {
          int read;
          try {
            read = in.read(buffer);
          } catch (SocketTimeoutException e) {
            if (fate == Fate.CLOSED && serverSpokeLast && idle()) {
              end();
              return;
            }
            continue;
          }
          if (read < 0) {
            upstream.shutdownOutput();
            halfClosed();
            return;
          }
          if (!replaced && idle() && !surviveReuse(in, buffer)) {
            return;
          }
          touch(false);
          out.write(buffer, 0, read);
        }
      } catch (IOException e) {
        end();
      }
    }

    private boolean idle() {
      return clock.getAsLong() - lastByte >= idleNanos && answered.test(upstream.getLocalPort());
    }

    /** What happens to the first bytes after the idle time; whether they are passed on. */
    private boolean surviveReuse(InputStream in, byte[] buffer) throws IOException {
      switch (fate) {
        case CLOSED -> end();
        case RESET -> reset();
        case SILENT -> {
          client.setSoTimeout(0);
          while (in.read(buffer) >= 0) {
            // Swallowed, until the client gives up.
          }
          end();
        }
        case REPLACED -> {
          replaced = true;
          return true;
        }
      }
      return false;
    }

    private void passAnswers() {
      byte[] buffer = new byte[BUFFER];
      try {
        InputStream in = upstream.getInputStream();
        OutputStream out = client.getOutputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
          if (replaced) {
            loseAnswer(in, buffer);
            reset();
            return;
          }
          touch(true);
          out.write(buffer, 0, read);
        }
        client.shutdownOutput();
        halfClosed();
      } catch (IOException e) {
        end();
      }
    }

    private void loseAnswer(InputStream in, byte[] buffer) throws IOException {
      upstream.setSoTimeout(ANSWER_MILLIS);
      try {
        while (in.read(buffer) >= 0) {
          // Lost with the instance.
        }
      } catch (SocketTimeoutException e) {
        // All of it was there.
      }
    }

    private void halfClosed() {
      if (halvesClosed.incrementAndGet() == 2) {
        end();
      }
    }

    private void touch(boolean fromServer) {
      serverSpokeLast = fromServer;
      lastByte = clock.getAsLong();
    }

    private void reset() {
      try {
        // Lingering for zero seconds makes close() send a RST.
        client.setSoLinger(true, 0);
      } catch (IOException e) {
        // The client was faster.
      }
      end();
    }

    void end() {
      closeQuietly(client);
      closeQuietly(upstream);
      flows.remove(this);
    }
  }
}

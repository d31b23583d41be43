package dev.freshwire.it.faults;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2PingFrame;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An origin on 127.0.0.1 that answers, or fails, as scripted, and counts on its own side. It is
 * {@code localhost}, in scope, and {@code 127.0.0.1}, out of scope, at once.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Failed writes show as a closed channel.
public final class FaultServer implements AutoCloseable {
  /** Shared by all servers of this JVM; its daemon threads end with it. */
  private static final EventLoopGroup THREADS =
      new MultiThreadIoEventLoopGroup(
          2, new DefaultThreadFactory("fault-server", true), NioIoHandler.newFactory());

  private static final int BACKLOG = 1024;

  private static final int FIRST_PORT = 10_000;

  /**
   * Below the ephemeral ports, as Linux has them by default: a port that a test keeps closed must
   * not become the local end of some client's connection.
   */
  private static final int PORTS = 32_768 - FIRST_PORT;

  /**
   * It begins anywhere, so that two test runs hardly meet, and goes round: a long run needs all.
   */
  private static final AtomicInteger NEXT_PORT =
      new AtomicInteger(new SecureRandom().nextInt(PORTS));

  /**
   * Longer than any client waits: on a busy machine a server that gives up first is a fault that
   * nobody asked for.
   */
  private static final Duration HANDSHAKE_AT_MOST = Duration.ofMinutes(2);

  private final Protocol protocol;
  private final int port;

  /**
   * Bound to the port and never listening, so that the port is refused and still nobody else's: not
   * another test run's between the choice and {@link #listen}, nor during an outage.
   */
  private final Socket held = new Socket();

  private final Ledger ledger = new Ledger();
  private final ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final @Nullable SslContext tls;
  private volatile Script script;
  private volatile IntFunction<Admission> admission = Admission.SERVE.first(0);
  private @Nullable Channel listener;

  private FaultServer(Protocol protocol, Script script) {
    this.protocol = protocol;
    this.script = script;
    this.tls = protocol.tls() ? tls(protocol, ledger) : null;
    this.port = bindToFreePort(held);
  }

  /** A server that listens on a port of its own. */
  public static FaultServer start(Protocol protocol, Script script) {
    FaultServer server = reserve(protocol, script);
    server.listen();
    return server;
  }

  /** A server whose port is known and still closed: connecting to it is refused. */
  public static FaultServer reserve(Protocol protocol, Script script) {
    return new FaultServer(protocol, script);
  }

  public synchronized FaultServer listen() {
    if (listener == null) {
      listener =
          new ServerBootstrap()
              .group(THREADS)
              .channel(NioServerSocketChannel.class)
              .option(ChannelOption.SO_BACKLOG, BACKLOG)
              .childOption(ChannelOption.TCP_NODELAY, true)
              .childHandler(new Accept())
              .bind(loopback(), port)
              .syncUninterruptibly()
              .channel();
    }
    return this;
  }

  /** Opens the port later, on a thread of its own: the others are busy with the other tests. */
  public void listenAfter(long millis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    Runnable listen =
        () -> {
          for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
          }
          listen();
        };
    new Thread(listen, "late-listener").start();
  }

  /** Closes the port; what is connected stays so. Not for the server's own threads. */
  public synchronized void closePort() {
    if (listener != null) {
      listener.close().syncUninterruptibly();
      awaitSelection(listener);
      listener = null;
    }
  }

  /** An outage: the port is closed and every connection reset; {@link #listen} ends it. */
  public synchronized void outage() {
    closePort();
    for (Channel connection : connections) {
      connection.eventLoop().execute(() -> reset(connection));
    }
  }

  /** Ends every connection that there is, with RST or with FIN, and waits until that is done. */
  public void endAll(boolean withReset) {
    endAll(withReset, connection -> {});
  }

  /** The same; HTTP/2 connections get as much to read before as they can take, and a GOAWAY. */
  public void endAllBehindFrames(boolean withReset) {
    endAll(
        withReset,
        connection -> {
          if (protocol == Protocol.TLS_H2) {
            connection.goAwayBehindOthers();
          }
        });
  }

  private void endAll(boolean withReset, Consumer<Connection> before) {
    for (Channel channel : connections) {
      channel
          .eventLoop()
          .submit(
              () -> {
                Connection connection = channel.pipeline().get(Connection.class);
                if (connection == null || !channel.isActive()) {
                  return;
                }
                before.accept(connection);
                if (withReset) {
                  connection.reset();
                } else {
                  connection.finish();
                }
              })
          .syncUninterruptibly();
      awaitSelection(channel);
    }
    awaitDelivery();
  }

  /**
   * Until the kernel knows of every end on the client's side, too: under load the thread of Linux's
   * that delivers what is sent to loopback may have to wait for its turn.
   */
  private void awaitDelivery() {
    Path table = Path.of("/proc/net/tcp");
    if (!Files.isReadable(table)) {
      return;
    }
    String established = String.format(Locale.ROOT, ":%04X 01 ", port);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    try {
      while (Files.readString(table).contains(established)) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("a connection to " + port + " does not hear of its end");
        }
        LockSupport.parkNanos(1_000_000);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * HTTP/2: sends GOAWAY on every connection that there is, and waits until the client has read it
   * or closed the connection. What comes on such a connection later is counted and not answered.
   *
   * @return whether the client did so in time
   */
  public boolean goAwayAll(Duration atMost) {
    int read = ledger.idleFaults();
    List<Channel> told = new ArrayList<>();
    for (Channel channel : connections) {
      channel
          .eventLoop()
          .submit(
              () -> {
                Connection connection = channel.pipeline().get(Connection.class);
                if (connection != null && !connection.isGoneAway() && channel.isActive()) {
                  channel.closeFuture().addListener(closed -> connection.goAwayRead());
                  connection.goAway();
                  told.add(channel);
                }
              })
          .syncUninterruptibly();
    }
    return ledger.await(atMost, seen -> seen.idleFaults() >= read + told.size());
  }

  /**
   * A channel that was closed keeps its socket, and a port that was closed accepts, until the event
   * loop selects next; what is scheduled runs after that. From within the loop: what is scheduled
   * from elsewhere and reaches a busy loop late runs at once.
   */
  private static void awaitSelection(Channel closed) {
    EventLoop loop = closed.eventLoop();
    loop.submit(() -> loop.schedule(() -> {}, 1, TimeUnit.MILLISECONDS))
        .syncUninterruptibly()
        .getNow()
        .syncUninterruptibly();
  }

  private static void reset(Channel channel) {
    // None any more when the connection has just been closed from the other side.
    Connection connection = channel.pipeline().get(Connection.class);
    if (connection != null) {
      connection.reset();
    }
  }

  public FaultServer script(Script next) {
    script = next;
    return this;
  }

  /** What becomes of the n-th connection, from 1. */
  public FaultServer admission(IntFunction<Admission> next) {
    admission = next;
    return this;
  }

  public int port() {
    return port;
  }

  public Protocol protocol() {
    return protocol;
  }

  public Ledger ledger() {
    return ledger;
  }

  public String url(String host, String path) {
    return protocol.scheme() + "://" + host + ":" + port + path;
  }

  Script script() {
    return script;
  }

  @Override
  public void close() {
    outage();
    try {
      held.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static InetAddress loopback() {
    try {
      return InetAddress.getByAddress("localhost", new byte[] {127, 0, 0, 1});
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int bindToFreePort(Socket socket) {
    for (int i = 0; i < PORTS; i++) {
      int port = FIRST_PORT + Math.floorMod(NEXT_PORT.getAndIncrement(), PORTS);
      try {
        // The listener, which has it set as well, may then share the port.
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(loopback(), port));
        return port;
      } catch (IOException taken) {
        // By another process: the next one, then.
      }
    }
    throw new IllegalStateException("no port left from " + FIRST_PORT + " on");
  }

  private static SslContext tls(Protocol protocol, Ledger ledger) {
    String alpn =
        protocol == Protocol.TLS_H2
            ? ApplicationProtocolNames.HTTP_2
            : ApplicationProtocolNames.HTTP_1_1;
    try {
      return SslContextBuilder.forServer(Identity.ofThisJvm().keyManager(ledger))
          .sslProvider(SslProvider.JDK)
          .protocols("TLSv1.3", "TLSv1.2")
          .applicationProtocolConfig(
              new ApplicationProtocolConfig(
                  ApplicationProtocolConfig.Protocol.ALPN,
                  ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                  ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                  alpn))
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException(e);
    }
  }

  private final class Accept extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      connections.add(channel);
      int number = ledger.connectionAccepted();
      ChannelPipeline pipeline = channel.pipeline();
      pipeline.addLast(new Connection(ledger, number, admission.apply(number)));
      if (tls != null) {
        SslHandler handler = tls.newHandler(channel.alloc());
        handler.setHandshakeTimeoutMillis(HANDSHAKE_AT_MOST.toMillis());
        pipeline.addLast(handler);
      }
      if (protocol == Protocol.TLS_H2) {
        pipeline.addLast(
            Http2FrameCodecBuilder.forServer().build(),
            new Http2MultiplexHandler(new Stream()),
            new GoAwayRead());
      } else {
        pipeline.addLast(new HttpServerCodec(), new OriginHandler(FaultServer.this));
      }
      pipeline.addLast(new EndOfPipeline());
    }
  }

  /** Counts the answer to the PING that follows a GOAWAY. */
  private static final class GoAwayRead extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof Http2PingFrame ping && ping.ack()) {
        Connection.of(ctx.channel()).goAwayRead();
      }
      ctx.fireChannelRead(message);
    }
  }

  private final class Stream extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new Http2StreamFrameToHttpObjectCodec(true), new OriginHandler(FaultServer.this));
    }
  }

  /** Broken handshakes and resets are what this server is for: not worth a log line. */
  private static final class EndOfPipeline extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }
}

package dev.freshwire.it.jdkhttp;

import dev.freshwire.it.faults.Identity;
import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.handler.codec.http3.DefaultHttp3HeadersFrame;
import io.netty.handler.codec.http3.Http3;
import io.netty.handler.codec.http3.Http3DataFrame;
import io.netty.handler.codec.http3.Http3HeadersFrame;
import io.netty.handler.codec.http3.Http3RequestStreamInboundHandler;
import io.netty.handler.codec.http3.Http3ServerConnectionHandler;
import io.netty.handler.codec.quic.InsecureQuicTokenHandler;
import io.netty.handler.codec.quic.QuicChannel;
import io.netty.handler.codec.quic.QuicSslContextBuilder;
import io.netty.handler.codec.quic.QuicStreamChannel;
import io.netty.pkitesting.X509Bundle;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.ObjIntConsumer;

/** An origin that speaks HTTP/3, and counts the requests that were read to their end. */
final class Http3Server implements AutoCloseable {
  static final String ID = "x-request-id";

  private final EventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final Map<String, AtomicInteger> arrivals = new ConcurrentHashMap<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final ObjIntConsumer<QuicStreamChannel> script;
  private final Channel channel;

  /**
   * A server on a port of the system's choice.
   *
   * @param script what it does with the nth request of an id
   */
  Http3Server(ObjIntConsumer<QuicStreamChannel> script) throws InterruptedException {
    this.script = script;
    X509Bundle certificate = Identity.ofThisJvm().certificate();
    ChannelHandler codec =
        Http3.newQuicServerCodecBuilder()
            .sslContext(
                QuicSslContextBuilder.forServer(
                        certificate.getKeyPair().getPrivate(),
                        null,
                        certificate.getCertificatePath())
                    .applicationProtocols(Http3.supportedApplicationProtocols())
                    .build())
            .maxIdleTimeout(30, TimeUnit.SECONDS)
            .initialMaxData(1 << 20)
            .initialMaxStreamDataBidirectionalRemote(1 << 20)
            .initialMaxStreamDataBidirectionalLocal(1 << 20)
            .initialMaxStreamsBidirectional(100)
            .tokenHandler(InsecureQuicTokenHandler.INSTANCE)
            .handler(new Connections())
            .build();
    channel =
        new Bootstrap()
            .group(group)
            .channel(NioDatagramChannel.class)
            .handler(codec)
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .sync()
            .channel();
  }

  String url() {
    return "https://localhost:" + ((InetSocketAddress) channel.localAddress()).getPort() + "/";
  }

  int arrivals(String id) {
    AtomicInteger seen = arrivals.get(id);
    return seen == null ? 0 : seen.get();
  }

  int connections() {
    return connections.get();
  }

  static void answer(QuicStreamChannel stream, int status) {
    Http3HeadersFrame head = new DefaultHttp3HeadersFrame();
    head.headers().status(Integer.toString(status)).addInt("content-length", 0);
    stream.writeAndFlush(head).addListener(QuicStreamChannel.SHUTDOWN_OUTPUT);
  }

  static void endConnection(QuicStreamChannel stream) {
    // What the client makes of it is what counts.
    Future<?> unused = stream.parent().close(true, 0x0102, Unpooled.EMPTY_BUFFER);
  }

  @Override
  public void close() {
    channel.close().syncUninterruptibly();
    group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Connections extends ChannelInitializer<QuicChannel> {
    @Override
    protected void initChannel(QuicChannel connection) {
      connections.incrementAndGet();
      connection
          .pipeline()
          .addLast(
              new Http3ServerConnectionHandler(
                  new ChannelInitializer<QuicStreamChannel>() {
                    @Override
                    protected void initChannel(QuicStreamChannel stream) {
                      stream.pipeline().addLast(new Requests());
                    }
                  }));
    }
  }

  private final class Requests extends Http3RequestStreamInboundHandler {
    private String id = "";

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3HeadersFrame head) {
      id = String.valueOf(head.headers().get(ID));
    }

    @Override
    protected void channelRead(ChannelHandlerContext ctx, Http3DataFrame data) {
      data.release();
    }

    @Override
    protected void channelInputClosed(ChannelHandlerContext ctx) {
      int number = arrivals.computeIfAbsent(id, first -> new AtomicInteger()).incrementAndGet();
      script.accept((QuicStreamChannel) ctx.channel(), number);
    }
  }
}

package dev.freshwire.benchmarks.server;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpChunkedInput;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrameToHttpObjectCodec;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.ApplicationProtocolNegotiationHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.stream.ChunkedStream;
import io.netty.handler.stream.ChunkedWriteHandler;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A process of its own on loopback that answers {@code GET /n} with n bytes and everything else
 * with none, and counts the connections it accepts and the requests it answers: counts that no
 * client can flatter.
 *
 * <p>It takes what {@link Service#of} takes, and the number of ports to listen on. It prints its
 * certificate and its ports, then its {@link ServerProcess.Counts} for each line that it reads, and
 * ends with its input.
 */
// Whoever waits for a failed write or close finds out by its own means.
@SuppressWarnings("FutureReturnValueIgnored")
public final class CountingServer {
  private static final int STREAMED = 1 << 20;

  private final Service service;
  private final @Nullable SslContext tls;
  private final AtomicLong accepted = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(new DefaultThreadFactory("distance", true));

  private CountingServer(Service service, @Nullable SslContext tls) {
    this.service = service;
    this.tls = tls;
  }

  /** Serves until standard input ends. */
  public static void main(String[] arguments) throws Exception {
    Service service = Service.of(arguments[0], arguments[1], Long.parseLong(arguments[2]));
    X509Bundle certificate = certificate(service.key());
    CountingServer server =
        new CountingServer(
            service,
            service.protocol() == Service.Protocol.PLAIN
                ? null
                : tls(certificate, service.protocol()));
    System.out.println(
        Base64.getEncoder().encodeToString(certificate.getCertificate().getEncoded()));
    System.out.println(server.listen(Integer.parseInt(arguments[3])));
    BufferedReader questions =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    while (questions.readLine() != null) {
      System.out.println(
          server.accepted.get() + " " + server.answered.get() + " " + cpuNanos() / 1000);
    }
  }

  /** Of this process so far. */
  private static long cpuNanos() {
    return ManagementFactory.getPlatformMXBean(com.sun.management.OperatingSystemMXBean.class)
        .getProcessCpuTime();
  }

  private String listen(int ports) throws InterruptedException {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(
                new MultiThreadIoEventLoopGroup(
                    2, new DefaultThreadFactory("server", true), NioIoHandler.newFactory()))
            .channel(NioServerSocketChannel.class)
            .option(io.netty.channel.ChannelOption.SO_BACKLOG, 1024)
            .childHandler(new Connection());
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < ports; i++) {
      Channel listener = bootstrap.bind(InetAddress.getLoopbackAddress(), 0).sync().channel();
      numbers.add(
          Integer.toString(((java.net.InetSocketAddress) listener.localAddress()).getPort()));
    }
    return String.join(" ", numbers);
  }

  private static X509Bundle certificate(Service.Key key) throws Exception {
    CertificateBuilder builder = new CertificateBuilder();
    return (key == Service.Key.RSA ? builder.rsa2048() : builder.ecp256())
        .subject("CN=localhost")
        .addSanDnsName("localhost")
        .addSanIpAddress("127.0.0.1")
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  private static SslContext tls(X509Bundle certificate, Service.Protocol protocol)
      throws Exception {
    List<String> offered = new ArrayList<>();
    if (protocol == Service.Protocol.H2) {
      offered.add(ApplicationProtocolNames.HTTP_2);
    }
    offered.add(ApplicationProtocolNames.HTTP_1_1);
    return SslContextBuilder.forServer(
            certificate.getKeyPair().getPrivate(), certificate.getCertificatePath())
        .protocols("TLSv1.3", "TLSv1.2")
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                Protocol.ALPN,
                SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT,
                offered))
        .build();
  }

  private final class Connection extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel channel) {
      accepted.incrementAndGet();
      ChannelPipeline pipeline = channel.pipeline();
      if (!service.rtt().isZero()) {
        pipeline.addLast(new Distance(service.rtt(), clock));
      }
      if (tls == null) {
        speakHttp1(pipeline);
      } else {
        pipeline.addLast(tls.newHandler(channel.alloc()), new Negotiation());
      }
    }
  }

  private final class Negotiation extends ApplicationProtocolNegotiationHandler {
    Negotiation() {
      super(ApplicationProtocolNames.HTTP_1_1);
    }

    @Override
    protected void configurePipeline(ChannelHandlerContext context, String protocol) {
      if (protocol.equals(ApplicationProtocolNames.HTTP_2)) {
        context
            .pipeline()
            .addLast(
                Http2FrameCodecBuilder.forServer().build(),
                new Http2MultiplexHandler(new Stream()));
      } else {
        speakHttp1(context.pipeline());
      }
    }

    /** A client that left during its handshake: it reports what it missed. */
    @Override
    protected void handshakeFailure(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private void speakHttp1(ChannelPipeline pipeline) {
    pipeline.addLast(
        new HttpServerCodec(),
        new HttpServerKeepAliveHandler(),
        new ChunkedWriteHandler(),
        new HttpObjectAggregator(STREAMED),
        answers);
  }

  private final class Stream extends ChannelInitializer<Channel> {
    @Override
    protected void initChannel(Channel stream) {
      stream
          .pipeline()
          .addLast(
              new Http2StreamFrameToHttpObjectCodec(true),
              new HttpObjectAggregator(STREAMED),
              answers);
    }
  }

  private final Answers answers = new Answers();

  @Sharable
  private final class Answers extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      // Before the answer: whoever has the answer finds it counted.
      answered.incrementAndGet();
      int length =
          request.method().name().equals("GET")
              ? Integer.parseInt(request.uri(), 1, request.uri().length(), 10)
              : 0;
      boolean streams = length > STREAMED;
      HttpResponse response =
          streams
              ? new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK)
              : new DefaultFullHttpResponse(
                  HttpVersion.HTTP_1_1,
                  HttpResponseStatus.OK,
                  Unpooled.wrappedBuffer(new byte[length]));
      response
          .headers()
          .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON)
          .setInt(HttpHeaderNames.CONTENT_LENGTH, length);
      if (streams) {
        context.write(response);
        context.writeAndFlush(new HttpChunkedInput(new ChunkedStream(new Zeros(length), 1 << 16)));
      } else {
        context.writeAndFlush(response);
      }
    }

    /** The client went away: its own side of the benchmark reports what it missed. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** A long body that nobody holds. */
  private static final class Zeros extends InputStream {
    private int left;

    Zeros(int length) {
      left = length;
    }

    @Override
    public int read() {
      if (left == 0) {
        return -1;
      }
      left--;
      return 0;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      int read = Math.min(length, left);
      left -= read;
      return read == 0 && length > 0 ? -1 : read;
    }

    @Override
    public int available() {
      return left;
    }
  }
}

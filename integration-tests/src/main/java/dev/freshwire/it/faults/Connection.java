package dev.freshwire.it.faults;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http2.DefaultHttp2PingFrame;
import io.netty.handler.codec.http2.Http2Connection;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One accepted connection. It stands nearest to the socket, below TLS, so that it can do to the
 * connection what a network does: end it, cut it, or swallow what is sent.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Failed writes show as a closed channel.
final class Connection extends ChannelDuplexHandler {
  private static final int SETTINGS_FRAME = 4;
  private static final int GOAWAY_FRAME = 7;
  private static final int GOAWAY_LENGTH = 8;

  /** Of 9 bytes each: less than any socket's receive buffer. */
  private static final int FRAMES = 3_000;

  private final Ledger ledger;
  private final int number;
  private Admission state;
  private boolean finished;
  private boolean holding;
  private int requests;
  private volatile boolean goneAway;
  private boolean goAwayRead;
  private @Nullable ChannelHandlerContext context;

  Connection(Ledger ledger, int number, Admission admission) {
    this.ledger = ledger;
    this.number = number;
    this.state = admission;
  }

  static Connection of(Channel channel) {
    Channel socket = channel.parent() instanceof DuplexChannel ? channel.parent() : channel;
    return socket.pipeline().get(Connection.class);
  }

  /** The how many-th connection of its server this is, from 1. */
  int number() {
    return number;
  }

  /** How many requests have begun on it. */
  int requests() {
    return requests;
  }

  /** The number of the next request on this connection, from 1. */
  int nextRequest() {
    return ++requests;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    ctx.channel().closeFuture().addListener(closed -> ledger.connectionClosed(number));
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (state == Admission.RESET) {
      reset();
      return;
    }
    if (state == Admission.LATE) {
      state = Admission.SERVE;
      ctx.channel().config().setAutoRead(false);
      ctx.executor()
          .schedule(
              () -> ctx.channel().config().setAutoRead(true),
              Admission.LATENESS.toMillis(),
              TimeUnit.MILLISECONDS);
    }
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == Admission.SERVE && !finished) {
      ctx.fireChannelRead(message);
      return;
    }
    ReferenceCountUtil.release(message);
    if (state == Admission.HANG_UP) {
      ctx.close();
    } else if (finished) {
      // What a closed socket answers to bytes that come too late.
      reset();
    }
  }

  @Override
  public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
    if (state == Admission.IGNORE) {
      ReferenceCountUtil.release(message);
      promise.setSuccess();
      return;
    }
    ctx.write(message, promise);
  }

  @Override
  public void flush(ChannelHandlerContext ctx) {
    if (!holding) {
      ctx.flush();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    // The client's resets end here: that it went is all there is to know.
    ctx.close();
  }

  /** RST, whatever is still on its way. */
  void reset() {
    ChannelHandlerContext ctx = context();
    if (ctx.channel().isActive()) {
      ctx.channel().config().setOption(ChannelOption.SO_LINGER, 0);
      ctx.close();
    }
  }

  /**
   * FIN, after a TLS close_notify if there is TLS. The socket stays half open until the client
   * closes it too, so that a client which never does can be told from one which does.
   */
  void finish() {
    ChannelHandlerContext ctx = context();
    SslHandler tls = ctx.pipeline().get(SslHandler.class);
    if (tls == null || finished) {
      shutdown(ctx);
    } else {
      tls.closeOutbound().addListener(sent -> shutdown(ctx));
    }
  }

  /** Sends what this writes, and TLS's close_notify, in one piece. No FIN follows. */
  void sayGoodbyeWith(Runnable last) {
    ChannelHandlerContext ctx = context();
    holding = true;
    last.run();
    ctx.pipeline().get(SslHandler.class).closeOutbound();
    holding = false;
    finished = true;
    ctx.flush();
  }

  private void shutdown(ChannelHandlerContext ctx) {
    finished = true;
    ctx.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            flushed -> {
              if (ctx.channel().isActive()) {
                ((DuplexChannel) ctx.channel()).shutdownOutput();
              }
            });
  }

  /** From now on nothing that is sent arrives, in either direction; the connection stays. */
  void vanish() {
    state = Admission.IGNORE;
  }

  /**
   * HTTP/2: GOAWAY with NO_ERROR, which covers what has come so far. A PING follows: a client that
   * answers it has read the GOAWAY.
   */
  void goAway() {
    goneAway = true;
    ChannelHandlerContext codec = context().pipeline().context(Http2FrameCodec.class);
    Http2Connection streams = ((Http2FrameCodec) codec.handler()).connection();
    writeRaw(goAwayFrame(streams.remote().lastStreamCreated()));
    context().channel().writeAndFlush(new DefaultHttp2PingFrame(requests));
  }

  /**
   * HTTP/2: many frames that the client has to deal with one by one, and GOAWAY behind them. As
   * many as arrive also when the client reads nothing.
   */
  void goAwayBehindOthers() {
    ByteBuf settings = Unpooled.buffer();
    for (int i = 0; i < FRAMES; i++) {
      settings.writeMedium(0).writeByte(SETTINGS_FRAME).writeByte(0).writeInt(0);
    }
    writeRaw(settings);
    ChannelHandlerContext codec = context().pipeline().context(Http2FrameCodec.class);
    Http2Connection streams = ((Http2FrameCodec) codec.handler()).connection();
    writeRaw(goAwayFrame(streams.remote().lastStreamCreated()));
  }

  /** The client has read it, or closed the connection: counted once. */
  void goAwayRead() {
    if (!goAwayRead) {
      goAwayRead = true;
      ledger.idleFault();
    }
  }

  /** Whether the client was told to send nothing more; what it sends nevertheless is dropped. */
  boolean isGoneAway() {
    return goneAway;
  }

  static ByteBuf goAwayFrame(int lastStream) {
    ByteBuf frame = Unpooled.buffer(9 + GOAWAY_LENGTH);
    frame.writeMedium(GOAWAY_LENGTH).writeByte(GOAWAY_FRAME).writeByte(0).writeInt(0);
    frame.writeInt(lastStream).writeInt(0);
    return frame;
  }

  /** Writes a frame that the HTTP/2 codec would not: below it, above TLS. */
  void writeRaw(ByteBuf frame) {
    context().pipeline().context(Http2FrameCodec.class).writeAndFlush(frame);
  }

  private ChannelHandlerContext context() {
    if (context == null) {
      throw new IllegalStateException("not in a pipeline yet");
    }
    return context;
  }
}

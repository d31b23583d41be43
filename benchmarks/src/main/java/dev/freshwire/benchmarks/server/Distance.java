package dev.freshwire.benchmarks.server;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Puts one connection at a distance: every flight takes half a round trip. No handler can delay a
 * SYN-ACK, so the first bytes of the connection pay for the TCP handshake with one round trip more;
 * the sum is the same. It knows neither bandwidth nor slow start nor loss.
 */
// What fails is told by the promises that are handed through.
@SuppressWarnings("FutureReturnValueIgnored")
final class Distance extends ChannelDuplexHandler {
  private final ScheduledExecutorService clock;
  private final long rttNanos;
  private final Flight inbound;
  private final Flight outbound;

  /**
   * @param clock of one thread, and a precise one: an event loop counts in milliseconds
   */
  Distance(Duration rtt, ScheduledExecutorService clock) {
    this.clock = clock;
    rttNanos = rtt.toNanos();
    inbound = new Flight(rttNanos);
    outbound = new Flight(0);
  }

  /** One direction, in which nothing overtakes. */
  private final class Flight {
    private final Queue<Runnable> underWay = new ConcurrentLinkedQueue<>();
    private final long opening;
    private long arrival;
    private boolean opened;

    Flight(long openingNanos) {
      opening = openingNanos;
    }

    void add(ChannelHandlerContext context, Runnable landing) {
      long now = System.nanoTime();
      long due = now + rttNanos / 2 + (opened ? 0 : opening);
      arrival = opened && arrival - due > 0 ? arrival : due;
      opened = true;
      underWay.add(landing);
      // Whichever timer is first, what was sent first lands.
      clock.schedule(
          () -> context.executor().execute(() -> underWay.remove().run()),
          arrival - now,
          TimeUnit.NANOSECONDS);
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    inbound.add(
        context,
        () -> {
          if (context.channel().isActive()) {
            context.fireChannelRead(message);
            context.fireChannelReadComplete();
          } else {
            ReferenceCountUtil.release(message);
          }
        });
  }

  /** Each delayed read completes itself. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {}

  @Override
  public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
    outbound.add(context, () -> context.write(message, promise));
  }

  @Override
  public void flush(ChannelHandlerContext context) {
    outbound.add(context, context::flush);
  }

  @Override
  public void close(ChannelHandlerContext context, ChannelPromise promise) {
    outbound.add(context, () -> context.close(promise));
  }
}

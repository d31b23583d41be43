package dev.freshwire.it.faults;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/**
 * Reads requests, asks the script, and hands each to its fault: an HTTP/1.1 connection or an HTTP/2
 * stream.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Failed writes show as a closed channel.
final class OriginHandler extends SimpleChannelInboundHandler<HttpObject> {
  private final FaultServer server;
  private @Nullable Exchange exchange;
  private @Nullable Fault fault;

  OriginHandler(FaultServer server) {
    this.server = server;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (message instanceof HttpRequest head) {
      exchange = new Exchange(ctx.channel(), server.ledger(), head);
      fault = exchange.tooLate() ? late -> {} : server.script().faultFor(exchange);
      fault.head(exchange);
    }
    if (message instanceof HttpContent body && exchange != null && fault != null) {
      exchange.bodyRead(body.content().readableBytes());
      if (message instanceof LastHttpContent) {
        fault.serve(exchange);
      }
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }
}

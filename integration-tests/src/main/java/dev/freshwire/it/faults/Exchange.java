package dev.freshwire.it.faults;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2ResetFrame;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2StreamChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One request on one connection, and everything that can be done to it. */
@SuppressWarnings("FutureReturnValueIgnored") // Failed writes show as a closed channel.
public final class Exchange {
  private final Channel channel;
  private final Connection connection;
  private final Ledger ledger;
  private final HttpRequest request;
  private final String id;
  private final int arrival;
  private final int requestNumber;
  private long bodyLength;
  private @Nullable ChannelFuture lastWrite;

  Exchange(Channel channel, Ledger ledger, HttpRequest request) {
    this.channel = channel;
    this.connection = Connection.of(channel);
    this.ledger = ledger;
    this.request = request;
    this.id = Objects.requireNonNullElse(request.headers().get("X-Request-Id"), request.uri());
    this.requestNumber = connection.nextRequest();
    this.arrival = ledger.arrived(id);
  }

  public String id() {
    return id;
  }

  public String method() {
    return request.method().name();
  }

  public String path() {
    return request.uri();
  }

  public @Nullable String header(String name) {
    return request.headers().get(name);
  }

  /** How many times this id has arrived, this time included. */
  public int arrival() {
    return arrival;
  }

  /** The how many-th request on its connection this is, from 1. */
  public int requestNumber() {
    return requestNumber;
  }

  /** The how many-th connection of its server brought it, from 1. */
  public int connectionNumber() {
    return connection.number();
  }

  /** Whether nothing has been asked on its connection since. */
  public boolean isLastOfConnection() {
    return connection.requests() == requestNumber;
  }

  /** Bytes of body read so far. */
  public long bodyLength() {
    return bodyLength;
  }

  void bodyRead(int bytes) {
    bodyLength += bytes;
  }

  /** Whether the connection had ended for new requests, by GOAWAY, before this one came. */
  boolean tooLate() {
    return connection.isGoneAway();
  }

  HttpRequest request() {
    return request;
  }

  Channel channel() {
    return channel;
  }

  /** Counts the request as processed, whatever the client gets to hear of it. */
  public void apply() {
    ledger.applied(id, 1);
  }

  /** Sends {@code 100 Continue} if the client waits for it. */
  public void proceedIfExpected() {
    if (HttpUtil.is100ContinueExpected(request)) {
      write(
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, Unpooled.EMPTY_BUFFER));
    }
  }

  /** A whole response with a Content-Length. */
  public void respond(int status, Map<String, String> headers, byte[] body) {
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), Unpooled.wrappedBuffer(body));
    headers.forEach(response.headers()::set);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    write(response);
  }

  public void respond(int status, Map<String, String> headers, String body) {
    respond(status, headers, body.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * The head of a response whose body comes in parts.
   *
   * @param length announced as Content-Length; negative: none, so chunked on HTTP/1.1
   */
  public void begin(int status, Map<String, String> headers, long length) {
    HttpResponse response =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status));
    headers.forEach(response.headers()::set);
    if (length >= 0) {
      response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
    } else if (!(channel instanceof Http2StreamChannel)) {
      HttpUtil.setTransferEncodingChunked(response, true);
    }
    write(response);
  }

  public void part(byte[] bytes) {
    write(new DefaultHttpContent(Unpooled.wrappedBuffer(bytes)));
  }

  public void end() {
    write(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** Runs once everything written so far has left, after a pause. */
  public void after(Duration pause, Runnable action) {
    Runnable paused =
        () -> channel.eventLoop().schedule(action, pause.toNanos(), TimeUnit.NANOSECONDS);
    if (lastWrite == null) {
      paused.run();
    } else {
      lastWrite.addListener(written -> paused.run());
    }
  }

  /** As {@link #after}, and counted, so that a test can wait for it. */
  public void idleFault(Duration pause, Runnable action) {
    after(
        pause,
        () -> {
          action.run();
          // A reset leaves when the event loop selects next; what is scheduled runs after that.
          channel.eventLoop().schedule(ledger::idleFault, 1, TimeUnit.MILLISECONDS);
        });
  }

  /** RST of the connection. */
  public void reset() {
    connection.reset();
  }

  /** FIN of the connection. */
  public void finish() {
    connection.finish();
  }

  /** TLS: sends what this writes and close_notify in one piece; the socket stays open. */
  public void sayGoodbyeWith(Runnable last) {
    connection.sayGoodbyeWith(last);
  }

  /** From now on the connection swallows everything and says nothing. */
  public void vanish() {
    connection.vanish();
  }

  /** HTTP/2: RST_STREAM with REFUSED_STREAM, which says that nothing was processed. */
  public void refuse() {
    write(new DefaultHttp2ResetFrame(Http2Error.REFUSED_STREAM));
  }

  /**
   * HTTP/2: GOAWAY with NO_ERROR.
   *
   * @param covering true: this stream is the last one that may have been processed; false: this
   *     stream is above that and was not
   */
  public void goAway(boolean covering) {
    int stream = ((Http2StreamChannel) channel).stream().id();
    connection.writeRaw(Connection.goAwayFrame(covering ? stream : Math.max(0, stream - 2)));
  }

  /** HTTP/2: GOAWAY that covers all that has come; what comes later is not served. */
  public void goAway() {
    connection.goAway();
  }

  private void write(Object message) {
    lastWrite = channel.writeAndFlush(message);
  }
}

package dev.freshwire.it.faults;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** The vocabulary of misbehaviour, one word each. */
@SuppressWarnings("FutureReturnValueIgnored") // Failed writes show as a closed channel.
public final class Faults {
  private static final Map<String, String> TEXT = Map.of("Content-Type", "text/plain");

  private Faults() {}

  /** None: the request is processed, and answered with 200 and its id. */
  public static Fault answer() {
    return exchange -> {
      exchange.apply();
      exchange.respond(200, TEXT, "ok " + exchange.id());
    };
  }

  /** Answers with 200, these headers and this body. */
  public static Fault answer(Map<String, String> headers, String body) {
    return exchange -> {
      exchange.apply();
      exchange.respond(200, headers, body);
    };
  }

  /** Answers after the pause; the connection stays silent until then. */
  public static Fault answerAfter(Duration pause) {
    return exchange -> exchange.after(pause, () -> answer().serve(exchange));
  }

  /** Answers, and ends the connection with FIN when it has been idle for the pause. */
  public static Fault finishWhenIdle(Duration pause) {
    return exchange -> {
      answer().serve(exchange);
      exchange.idleFault(pause, exchange::finish);
    };
  }

  /** TLS: answers, with the end of TLS in the same piece; a client reads both at once. */
  public static Fault answerWithGoodbye() {
    return exchange -> exchange.sayGoodbyeWith(() -> answer().serve(exchange));
  }

  /** Answers, and resets the connection when it has been idle for the pause. */
  public static Fault resetWhenIdle(Duration pause) {
    return exchange -> {
      answer().serve(exchange);
      exchange.idleFault(pause, exchange::reset);
    };
  }

  /** Answers, and after the pause swallows whatever comes, as a NAT does that forgot it. */
  public static Fault vanishWhenIdle(Duration pause) {
    return exchange -> {
      answer().serve(exchange);
      exchange.idleFault(pause, exchange::vanish);
    };
  }

  /** Processes the request and resets the connection instead of answering. */
  public static Fault reset() {
    return exchange -> {
      exchange.apply();
      exchange.reset();
    };
  }

  /** Processes the request and ends the connection with FIN instead of answering. */
  public static Fault finish() {
    return exchange -> {
      exchange.apply();
      exchange.finish();
    };
  }

  /** Does this to the n-th request of every connection and answers the others. */
  public static Fault atRequest(int number, Fault fault) {
    return exchange -> (exchange.requestNumber() == number ? fault : answer()).serve(exchange);
  }

  /** Processes the request and never answers. */
  public static Fault silence() {
    return Exchange::apply;
  }

  /** Processes the request, sends the headers and half of the announced body, and resets. */
  public static Fault halfBodyThenReset() {
    return exchange -> {
      exchange.apply();
      exchange.begin(200, TEXT, 64);
      exchange.part(new byte[32]);
      // The pause lets the client read that half: a reset may destroy what it has not read yet.
      exchange.after(Duration.ofMillis(50), exchange::reset);
    };
  }

  /** Turns the request away, unprocessed, with this status and these headers. */
  public static Fault reject(int status, Map<String, String> headers) {
    return exchange -> exchange.respond(status, headers, "status " + status);
  }

  /** The same before its body was read. */
  public static Fault rejectBeforeBody(int status) {
    return new Fault() {
      @Override
      public void head(Exchange exchange) {
        reject(status, TEXT).serve(exchange);
      }

      @Override
      public void serve(Exchange exchange) {
        // Answered already; the body is only read so that the client can finish sending it.
      }
    };
  }

  /** Asks for Basic credentials until it is given some. */
  public static Fault unauthorized() {
    Fault challenge = reject(401, Map.of("WWW-Authenticate", "Basic realm=\"faults\""));
    return exchange ->
        (exchange.header("Authorization") == null ? challenge : answer()).serve(exchange);
  }

  /** Answers in gzip to a client that said it reads it. */
  public static Fault gzip(String body) {
    return exchange -> {
      String accepted = exchange.header("Accept-Encoding");
      if (accepted == null || !accepted.contains("gzip")) {
        answer(TEXT, body).serve(exchange);
        return;
      }
      exchange.apply();
      exchange.respond(200, Map.of("Content-Encoding", "gzip"), compressed(body));
    };
  }

  /** HTTP/2: refuses the stream, unprocessed. */
  public static Fault refuseStream() {
    return Exchange::refuse;
  }

  /** HTTP/2: GOAWAY that proves this stream unprocessed, then FIN. */
  public static Fault goAwayBelow() {
    return exchange -> {
      exchange.goAway(false);
      exchange.after(Duration.ofMillis(20), exchange::finish);
    };
  }

  /** HTTP/2: processes the request, says so with a GOAWAY that covers it, and ends with FIN. */
  public static Fault goAwayCovering() {
    return exchange -> {
      exchange.apply();
      exchange.goAway(true);
      exchange.after(Duration.ofMillis(20), exchange::finish);
    };
  }

  /** HTTP/2: answers, and says that what came so far is all that is served on the connection. */
  public static Fault goAwayAfterAnswer() {
    return exchange -> {
      answer().serve(exchange);
      exchange.goAway();
    };
  }

  /** Answers, with the end of the stream in a frame of its own, later than the last byte. */
  public static Fault lateEndOfStream(Duration pause, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    return exchange -> {
      exchange.apply();
      exchange.begin(200, TEXT, bytes.length);
      if (bytes.length > 0) {
        exchange.part(bytes);
      }
      exchange.after(pause, exchange::end);
    };
  }

  /**
   * A {@code text/event-stream} of so many events, silent for the pause before each but the first.
   */
  public static Fault events(int count, Duration silence) {
    return exchange -> {
      exchange.apply();
      exchange.begin(200, Map.of("Content-Type", "text/event-stream"), -1);
      event(exchange, 1, count, silence);
    };
  }

  private static void event(Exchange exchange, int number, int count, Duration silence) {
    exchange.part(("data: " + number + "\n\n").getBytes(StandardCharsets.UTF_8));
    if (number == count) {
      exchange.end();
    } else {
      exchange.after(silence, () -> event(exchange, number + 1, count, silence));
    }
  }

  /** A body of this size, in 16 KiB parts as the client takes them. */
  public static Fault large(long size) {
    return exchange -> {
      exchange.apply();
      exchange.begin(200, TEXT, size);
      pour(exchange, size);
    };
  }

  private static void pour(Exchange exchange, long left) {
    int now = (int) Math.min(left, 16 * 1024);
    exchange.part(new byte[now]);
    if (now == left) {
      // At once: after its last byte the client may already ask for something else.
      exchange.end();
    } else {
      exchange.after(Duration.ZERO, () -> pour(exchange, left - now));
    }
  }

  /** HTTP/1.1: becomes a WebSocket that echoes text and answers pings. */
  public static Fault webSocket() {
    return exchange -> {
      exchange.apply();
      exchange.channel().pipeline().addLast(new Echo());
      DefaultFullHttpRequest request =
          new DefaultFullHttpRequest(
              exchange.request().protocolVersion(),
              exchange.request().method(),
              exchange.path(),
              Unpooled.EMPTY_BUFFER,
              exchange.request().headers(),
              exchange.request().headers());
      new WebSocketServerHandshakerFactory(exchange.path(), null, false)
          .newHandshaker(request)
          .handshake(exchange.channel(), request);
    };
  }

  private static final class Echo extends SimpleChannelInboundHandler<WebSocketFrame> {
    @Override
    protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) {
      if (frame instanceof PingWebSocketFrame) {
        ctx.writeAndFlush(new PongWebSocketFrame(frame.content().retain()));
      } else if (frame instanceof TextWebSocketFrame) {
        ctx.writeAndFlush(frame.retain());
      } else {
        ctx.close();
      }
    }
  }

  private static byte[] compressed(String body) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      out.write(body.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}

package dev.freshwire.benchmarks.calls;

import dev.freshwire.benchmarks.clients.Caller;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import javax.net.SocketFactory;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** OkHttp over sockets that are arrays: what is left of a call is the client's and the agent's. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class InMemoryBenchmark {

  /** {@link Variant#label()}; {@code Main} starts a JVM that fits it. */
  @Param({"pooled", "fresh-by-hand", "agent-never", "agent-out-of-scope"})
  public String variant;

  private OkHttpClient client;
  private Request request;

  @Setup
  public void start() {
    Variant kind = Variant.of(variant);
    kind.requireIn(ManagementFactory.getRuntimeMXBean().getInputArguments());
    OkHttpClient.Builder builder = new OkHttpClient.Builder().socketFactory(new InMemory());
    if (kind == Variant.FRESH_BY_HAND) {
      builder.connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS));
    }
    client = builder.build();
    request = new Request.Builder().url("http://127.0.0.1:9/").build();
  }

  @Benchmark
  public long call() throws IOException {
    try (Response response = client.newCall(request).execute()) {
      return Caller.checked(response.code(), response.body().bytes().length);
    }
  }

  private static final class InMemory extends SocketFactory {
    @Override
    public Socket createSocket() {
      return new Answering();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw new UnsupportedOperationException();
    }
  }

  /** Each request that ends, ends with an empty line; the answer is there when it is read. */
  private static final class Answering extends Socket {
    private static final byte[] ANSWER =
        ("HTTP/1.1 200 OK\r\nContent-Length: 1024\r\n\r\n" + "1".repeat(1024))
            .getBytes(StandardCharsets.US_ASCII);

    private final ByteArrayInputStream answer = new ByteArrayInputStream(ANSWER);
    private InetSocketAddress peer = new InetSocketAddress(0);
    private boolean asked;
    private boolean closed;

    @Override
    public void connect(SocketAddress address, int timeout) {
      peer = (InetSocketAddress) address;
    }

    @Override
    public InputStream getInputStream() {
      return new InputStream() {
        @Override
        public int read() throws IOException {
          byte[] one = new byte[1];
          return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
          if (!asked) {
            // What OkHttp's health check expects of a quiet connection.
            throw new SocketTimeoutException();
          }
          int read = answer.read(target, offset, length);
          if (answer.available() == 0) {
            answer.reset();
            asked = false;
          }
          return read;
        }
      };
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int b) {
          asked = true;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
          asked = true;
        }
      };
    }

    @Override
    public boolean isConnected() {
      return true;
    }

    @Override
    public InetAddress getInetAddress() {
      return peer.getAddress();
    }

    @Override
    public int getPort() {
      return peer.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
      return peer;
    }

    @Override
    public void setSoTimeout(int timeout) {}

    @Override
    public int getSoTimeout() {
      return 0;
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public boolean getTcpNoDelay() {
      return true;
    }

    @Override
    public synchronized boolean isClosed() {
      return closed;
    }

    @Override
    public boolean isInputShutdown() {
      return false;
    }

    @Override
    public boolean isOutputShutdown() {
      return false;
    }

    @Override
    public synchronized void close() {
      closed = true;
    }
  }
}

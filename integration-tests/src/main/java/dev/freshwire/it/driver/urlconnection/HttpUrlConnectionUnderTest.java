package dev.freshwire.it.driver.urlconnection;

import dev.freshwire.it.driver.Call;
import dev.freshwire.it.driver.ClientUnderTest;
import dev.freshwire.it.driver.Reply;
import dev.freshwire.it.driver.Settings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** {@code HttpURLConnection}, which has no client object: its pool is one for the JVM. */
public final class HttpUrlConnectionUnderTest implements ClientUnderTest {
  private final Map<String, HttpURLConnection> calls = new ConcurrentHashMap<>();
  private volatile @Nullable HttpURLConnection last;
  private int readTimeout = -1;
  private Proxy proxy = Proxy.NO_PROXY;

  @Override
  public void open(Settings settings) {
    Long chosen = settings.readTimeout();
    if (chosen != null) {
      readTimeout = chosen.intValue();
    }
    Long proxyPort = settings.proxyPort();
    if (proxyPort != null) {
      proxy =
          new Proxy(
              Proxy.Type.HTTP,
              new InetSocketAddress(InetAddress.getLoopbackAddress(), proxyPort.intValue()));
    }
    String credentials = settings.credentials();
    if (credentials != null) {
      // For the whole JVM, as Java 8 has no other. It is asked only by who answers 401.
      Authenticator.setDefault(
          new Authenticator() {
            @Override
            protected PasswordAuthentication getPasswordAuthentication() {
              return new PasswordAuthentication(credentials, credentials.toCharArray());
            }
          });
    }
  }

  @Override
  public Reply call(Call call) throws Exception {
    HttpURLConnection connection = (HttpURLConnection) new URL(call.url()).openConnection(proxy);
    calls.put(call.ticket(), connection);
    last = connection;
    try {
      connection.setRequestMethod(call.method());
      connection.setRequestProperty("Accept-Encoding", "gzip");
      call.headers().forEach(connection::setRequestProperty);
      if (readTimeout >= 0) {
        connection.setReadTimeout(readTimeout);
      }
      if (call.hasBody()) {
        write(connection, call);
      }
      return consume(connection, call);
    } finally {
      calls.remove(call.ticket());
    }
  }

  private static void write(HttpURLConnection connection, Call call) throws IOException {
    connection.setDoOutput(true);
    if (call.body() == Call.Body.ONE_SHOT || call.headers().containsKey("Expect")) {
      connection.setFixedLengthStreamingMode(call.bodySize());
    }
    try (OutputStream body = connection.getOutputStream()) {
      body.write(new byte[call.bodySize()]);
    }
  }

  private static Reply consume(HttpURLConnection connection, Call call) throws IOException {
    int status = connection.getResponseCode();
    InputStream body = status >= 400 ? connection.getErrorStream() : connection.getInputStream();
    if (body == null) {
      return new Reply(status, 0, "");
    }
    try (InputStream closing = decoded(connection, body)) {
      switch (call.consume()) {
        case CLOSE:
          return new Reply(status, 0, "");
        case ABANDON:
          return new Reply(status, closing.read() < 0 ? 0 : 1, "");
        default:
          byte[] bytes = read(closing);
          return new Reply(status, bytes.length, new String(bytes, StandardCharsets.UTF_8));
      }
    }
  }

  /** As applications do that ask for it. */
  private static InputStream decoded(HttpURLConnection connection, InputStream body)
      throws IOException {
    @Nullable String encoding = connection.getContentEncoding();
    return "gzip".equals(encoding) ? new GZIPInputStream(body) : body;
  }

  private static byte[] read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      bytes.write(buffer, 0, n);
    }
    return bytes.toByteArray();
  }

  @Override
  public void cancel(String ticket) {
    HttpURLConnection running = calls.get(ticket);
    if (running != null) {
      running.disconnect();
    }
  }

  /** Disconnecting also closes what the pool has for the host; by itself that takes up to 10 s. */
  @Override
  public void close() {
    calls.values().forEach(HttpURLConnection::disconnect);
    HttpURLConnection connection = last;
    if (connection != null) {
      connection.disconnect();
    }
  }
}

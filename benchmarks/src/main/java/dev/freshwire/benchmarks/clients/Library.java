package dev.freshwire.benchmarks.clients;

import dev.freshwire.benchmarks.server.ServerProcess;
import java.io.IOException;

/** The clients that there are. */
public enum Library {
  /** OkHttp 5. */
  OKHTTP("okhttp", OkHttp.class),
  /** OkHttp 4, by the same code. */
  OKHTTP4("okhttp4", OkHttp.class),
  /** The JDK's {@code HttpClient}. */
  JAVA_NET_HTTP("java.net.http", JavaNetHttp.class),
  /** The JDK's {@code HttpURLConnection}. */
  URL_CONNECTION("HttpURLConnection", UrlConnection.class),
  /** Apache HttpClient 4. */
  APACHE4("apache4", Apache4.class),
  /** Apache HttpClient 5, its classic API. */
  APACHE5("apache5", Apache5.class),
  /** Apache HttpClient 5, its asynchronous API. */
  APACHE5_ASYNC("apache5-async", Apache5Async.class),
  /** Ktor's engine CIO, which opens a connection for every request by itself. */
  KTOR_CIO("ktor-cio", KtorCio.class),
  /** Reactor Netty, which the agent leaves alone: for comparison. */
  REACTOR_NETTY("reactor-netty", ReactorNetty.class);

  private final String label;
  private final Class<? extends Caller.Factory> factory;

  Library(String label, Class<? extends Caller.Factory> factory) {
    this.label = label;
    this.factory = factory;
  }

  /** The library of that label; an unknown one is an {@link IllegalArgumentException}. */
  public static Library of(String label) {
    for (Library library : values()) {
      if (library.label.equals(label)) {
        return library;
      }
    }
    throw new IllegalArgumentException("No client " + label);
  }

  /** The name shown in results. */
  public String label() {
    return label;
  }

  /**
   * A caller of that server.
   *
   * @param freshByHand whether to have each call open a connection by the library's own means
   */
  public Caller open(Caller.Errand errand, ServerProcess server, boolean freshByHand)
      throws IOException {
    try {
      Class<?> type = OwnLoader.of(this, factory);
      return ((Caller.Factory) type.getConstructor().newInstance())
          .open(errand, server, freshByHand);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("Cannot make a client of " + label, e);
    }
  }
}

package dev.freshwire.it.twin;

import java.net.URI;
import java.nio.file.Path;
import java.security.KeyStore;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;

/**
 * The embedded Supabase: PostgREST, Auth, Storage, Realtime and Functions over one database in
 * memory, on loopback, a port per {@link Protocol}. The server is Jetty, with Jetty's idle timeout.
 */
public final class SupabaseTwin implements AutoCloseable {

  /** The key of an anonymous client. */
  public static final String ANON_KEY = Tokens.apiKey("anon");

  /** The key of a trusted server. */
  public static final String SERVICE_KEY = Tokens.apiKey("service_role");

  /** The user that exists from the start. */
  public static final String USER_EMAIL = "trader@example.com";

  /** The password of {@link #USER_EMAIL}. */
  public static final String USER_PASSWORD = "correct horse";

  private final Server server;
  private final Database database = new Database();
  private final Traffic traffic = new Traffic();
  private final WriteLedger writes = new WriteLedger();
  private final AuthSessions sessions;
  private final Map<Protocol, ServerConnector> connectors = new EnumMap<>(Protocol.class);

  private SupabaseTwin(Builder builder) {
    QueuedThreadPool threads = new QueuedThreadPool(200);
    threads.setName("twin");
    threads.setDaemon(true);
    server = new Server(threads);
    Tokens tokens = new Tokens(builder.clock);
    sessions = new AuthSessions(builder.clock, builder.reuseInterval);
    AuthService auth =
        new AuthService(tokens, sessions, builder.clock, builder.accessTokenLifetime);
    auth.addUser(USER_EMAIL, USER_PASSWORD);
    ChangeFeed feed = new ChangeFeed();
    SupabaseHandler handler =
        new SupabaseHandler(
            tokens,
            traffic,
            Map.of(
                "/rest/v1", new RestService(database, new StoredFunctions(), writes, feed),
                "/auth/v1", auth,
                "/storage/v1", new StorageService(writes, builder.clock),
                "/functions/v1", new FunctionsService(builder.streamGap)));
    handler.setHandler(
        WebSocketUpgradeHandler.from(
            server,
            container -> {
              container.setIdleTimeout(Duration.ofMinutes(2));
              container.addMapping(
                  "/realtime/v1/websocket",
                  (request, response, callback) ->
                      new RealtimeSocket(
                          feed,
                          builder.clock,
                          String.valueOf(request.getHttpURI().getQuery()).contains("vsn=2")));
            }));
    server.setHandler(handler);
    for (Protocol protocol : builder.protocols) {
      ServerConnector connector = new CountingConnector(server, traffic, factories(protocol));
      connector.setHost("127.0.0.1");
      connector.setIdleTimeout(builder.idleTimeout.toMillis());
      connectors.put(protocol, connector);
      server.addConnector(connector);
    }
  }

  /** A twin with every protocol and Supabase's defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** The base URL, as a client is given it, by name: {@code https://localhost:54321}. */
  public URI url(Protocol protocol) {
    return URI.create(protocol.scheme() + "://localhost:" + port(protocol));
  }

  /** The port on 127.0.0.1 that speaks this protocol. */
  public int port(Protocol protocol) {
    ServerConnector connector = connectors.get(protocol);
    if (connector == null) {
      throw new IllegalArgumentException("started without " + protocol);
    }
    return connector.getLocalPort();
  }

  /**
   * The trust store of the certificate that the TLS ports show; {@link TwinCertificate#PASSWORD}.
   */
  public Path trustStore() {
    return TwinCertificate.shared().trustStore();
  }

  /** Connections and requests, as counted here. */
  public Traffic traffic() {
    return traffic;
  }

  /** Writes, as counted here. */
  public WriteLedger writes() {
    return writes;
  }

  /** Auth sessions revoked because a refresh token was used again. */
  public int revocations() {
    return sessions.revocations();
  }

  /** Refreshes that rotated a token. */
  public int refreshes() {
    return sessions.refreshes();
  }

  /** Runs a statement on the database, for tests that need a table of their own. */
  public void execute(String sql) throws SQLException {
    database.execute(sql);
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the twin did not stop", e);
    } finally {
      database.close();
    }
  }

  private static ConnectionFactory[] factories(Protocol protocol) {
    HttpConfiguration configuration = new HttpConfiguration();
    configuration.setSendServerVersion(false);
    HttpConnectionFactory http1 = new HttpConnectionFactory(configuration);
    if (protocol == Protocol.H1) {
      return new ConnectionFactory[] {http1};
    }
    // The name in the handshake is "localhost" or missing: nothing to check it against.
    configuration.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server tls = new SslContextFactory.Server();
    KeyStore keyStore = TwinCertificate.shared().keyStore();
    tls.setKeyStore(keyStore);
    tls.setKeyStorePassword(TwinCertificate.PASSWORD);
    tls.setIncludeProtocols("TLSv1.3");
    if (protocol == Protocol.TLS) {
      return new ConnectionFactory[] {new SslConnectionFactory(tls, http1.getProtocol()), http1};
    }
    ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory("h2", "http/1.1");
    alpn.setDefaultProtocol(http1.getProtocol());
    return new ConnectionFactory[] {
      new SslConnectionFactory(tls, alpn.getProtocol()),
      alpn,
      new HTTP2ServerConnectionFactory(configuration),
      http1
    };
  }

  /** Counts TCP connections, whatever is layered upon them. */
  private static final class CountingConnector extends ServerConnector {
    private final Traffic traffic;

    CountingConnector(Server server, Traffic traffic, ConnectionFactory[] factories) {
      super(server, 1, 1, factories);
      this.traffic = traffic;
    }

    @Override
    protected void onEndPointOpened(EndPoint endPoint) {
      traffic.connectionOpened(peerPort(endPoint));
      super.onEndPointOpened(endPoint);
    }

    @Override
    protected void onEndPointClosed(EndPoint endPoint) {
      super.onEndPointClosed(endPoint);
      traffic.connectionClosed();
    }

    private static int peerPort(EndPoint endPoint) {
      return endPoint.getRemoteSocketAddress() instanceof java.net.InetSocketAddress address
          ? address.getPort()
          : -1;
    }
  }

  /** Settings of a twin, with Supabase's defaults. */
  public static final class Builder {
    private Set<Protocol> protocols = EnumSet.allOf(Protocol.class);
    private Duration idleTimeout = Duration.ofSeconds(60);
    private Duration accessTokenLifetime = Duration.ofHours(1);
    private Duration reuseInterval = Duration.ofSeconds(10);
    private Duration streamGap = Duration.ofMillis(20);
    private InstantSource clock = InstantSource.system();

    private Builder() {}

    /** The protocols to open ports for; all of them if never called. */
    public Builder protocols(Protocol first, Protocol... rest) {
      protocols = EnumSet.of(first, rest);
      return this;
    }

    /** How long the server itself keeps a silent connection; 60 s by default. */
    public Builder idleTimeout(Duration value) {
      idleTimeout = value;
      return this;
    }

    /** How long an access token is good for; an hour by default. */
    public Builder accessTokenLifetime(Duration value) {
      accessTokenLifetime = value;
      return this;
    }

    /** How long a used refresh token may be used again; 10 s by default. */
    public Builder reuseInterval(Duration value) {
      reuseInterval = value;
      return this;
    }

    /** The silence between two events of a streamed reply; 20 ms by default. */
    public Builder streamGap(Duration value) {
      streamGap = value;
      return this;
    }

    /** The clock of tokens and sessions. */
    public Builder clock(InstantSource value) {
      clock = value;
      return this;
    }

    /** Opens the ports. */
    public SupabaseTwin start() {
      SupabaseTwin twin = new SupabaseTwin(this);
      try {
        twin.server.start();
      } catch (Exception e) {
        throw new IllegalStateException("the twin did not start", e);
      }
      return twin;
    }
  }
}

package dev.freshwire.it.demo;

import dev.freshwire.it.twin.Protocol;
import dev.freshwire.it.twin.TwinCertificate;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A real nginx in front of the server: {@code keepalive_timeout 1s}, {@code keepalive_requests 3}.
 * It runs in the foreground as a child process, from a directory of its own.
 */
final class NginxGateway implements Gateway {

  /** The idle limit in the configuration below; pauses have to be longer. */
  static final long IDLE_MILLIS = 1000;

  private static final int START_SECONDS = 10;

  private final Path directory;
  private final Process process;
  private final int port;
  private List<Long> acceptedBeforeClose = List.of();
  private boolean closed;

  private NginxGateway(Path directory, Process process, int port) {
    this.directory = directory;
    this.process = process;
    this.port = port;
  }

  /** The nginx on the path or in the usual places of the system, if there is one. */
  static Optional<Path> executable() {
    String path = System.getenv("PATH");
    return Stream.concat(
            Stream.of((path == null ? "" : path).split(File.pathSeparator, -1)),
            Stream.of("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin"))
        .filter(directory -> !directory.isEmpty())
        .map(directory -> Path.of(directory, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  static NginxGateway start(Path nginx, Protocol protocol, int upstreamPort)
      throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("freshwire-nginx");
    int port = freePort();
    Process process;
    try {
      write(directory, protocol, port, upstreamPort);
      process =
          new ProcessBuilder(
                  nginx.toString(),
                  "-p",
                  directory.toString(),
                  "-c",
                  directory.resolve("nginx.conf").toString(),
                  // Before the configuration is read, nginx logs to the path compiled into it.
                  "-e",
                  directory.resolve("error.log").toString())
              .redirectErrorStream(true)
              .redirectOutput(directory.resolve("output.log").toFile())
              .start();
    } catch (GeneralSecurityException e) {
      delete(directory);
      throw new IOException("no certificate for nginx", e);
    } catch (IOException e) {
      delete(directory);
      throw e;
    }
    NginxGateway gateway = new NginxGateway(directory, process, port);
    gateway.awaitPort();
    return gateway;
  }

  @Override
  public int port() {
    return port;
  }

  /** From the access log; a connection shows with its first finished request. */
  @Override
  public List<Long> accepted() throws IOException {
    return closed ? acceptedBeforeClose : readAccepted();
  }

  @Override
  public String description() {
    return "nginx with keepalive_timeout 1s and keepalive_requests 3";
  }

  @Override
  public void close() throws IOException {
    if (closed) {
      return;
    }
    process.destroy();
    try {
      if (!process.waitFor(START_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    acceptedBeforeClose = readAccepted();
    closed = true;
    delete(directory);
  }

  private List<Long> readAccepted() throws IOException {
    List<Long> accepted = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    Path log = directory.resolve("access.log");
    if (!Files.exists(log)) {
      return accepted;
    }
    for (String line : Files.readAllLines(log)) {
      String[] words = line.split(" ", -1);
      // $msec is when the answer was finished: minus the time it took, when the request began.
      if (words.length == 3 && seen.add(words[1])) {
        double begun = Double.parseDouble(words[0]) - Double.parseDouble(words[2]);
        accepted.add(Math.round(begun * 1000));
      }
    }
    accepted.sort(Comparator.naturalOrder());
    return accepted;
  }

  private void awaitPort() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (true) {
      try (Socket probe = new Socket()) {
        probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
        return;
      } catch (IOException e) {
        if (process.waitFor(20, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          String output = Files.readString(directory.resolve("output.log"));
          close();
          throw new IOException("nginx did not start: " + output, e);
        }
      }
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  private static void write(Path directory, Protocol protocol, int port, int upstreamPort)
      throws IOException, GeneralSecurityException {
    String tls = "";
    if (protocol != Protocol.H1) {
      TwinCertificate certificate = TwinCertificate.shared();
      Path key = directory.resolve("key.pem");
      Files.createFile(
          key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(key, certificate.privateKeyPem());
      Files.writeString(directory.resolve("certificate.pem"), certificate.certificatePem());
      tls =
          """
              ssl_certificate certificate.pem;
              ssl_certificate_key key.pem;
              ssl_protocols TLSv1.3;
          """;
    }
    String listen =
        switch (protocol) {
          case H1 -> "";
          case TLS -> " ssl";
          case H2 -> " ssl http2";
        };
    Files.writeString(
        directory.resolve("nginx.conf"),
        """
        daemon off;
        %suser
        worker_processes 1;
        pid nginx.pid;
        error_log error.log warn;
        events { worker_connections 512; }
        http {
            log_format connections '$msec $connection $request_time';
            access_log access.log connections;
            client_body_temp_path body;
            proxy_temp_path proxy;
            fastcgi_temp_path fastcgi;
            uwsgi_temp_path uwsgi;
            scgi_temp_path scgi;
            map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
            keepalive_timeout 1s;
            keepalive_requests 3;
            server {
                listen 127.0.0.1:%d%s;
                server_name localhost;
        %s
                location / {
                    proxy_pass http://127.0.0.1:%d;
                    proxy_http_version 1.1;
                    proxy_set_header Host $http_host;
                    proxy_set_header Upgrade $http_upgrade;
                    proxy_set_header Connection $connection_upgrade;
                    proxy_next_upstream off;
                    proxy_buffering off;
                }
            }
        }
        """
            // Workers started by root would become a user who may not read this directory.
            .replace("%suser", System.getProperty("user.name").equals("root") ? "user root;" : "")
            .formatted(port, listen, tls, upstreamPort));
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}

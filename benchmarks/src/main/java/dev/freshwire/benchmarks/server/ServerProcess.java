package dev.freshwire.benchmarks.server;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * The {@link CountingServer} as a child process, which ends with this one at the latest. Safe for
 * use by several threads.
 */
public final class ServerProcess implements AutoCloseable {

  /**
   * What the server saw.
   *
   * @param connections that it accepted
   * @param requests that it answered
   * @param cpuMicros CPU time of its process, delay layer included
   */
  public record Counts(long connections, long requests, long cpuMicros) {
    Counts minus(Counts other) {
      return new Counts(
          connections - other.connections, requests - other.requests, cpuMicros - other.cpuMicros);
    }
  }

  private final Service service;
  private final Process process;
  private final BufferedReader answers;
  private final X509TrustManager trust;
  private final List<String> ports;
  private Counts reported = new Counts(0, 0, 0);

  private ServerProcess(Service service, Process process)
      throws IOException, GeneralSecurityException {
    this.service = service;
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
    this.trust = trusting(Base64.getDecoder().decode(readAnswer()));
    this.ports = Arrays.asList(readAnswer().split(" "));
  }

  /** Listens on one port. */
  public static ServerProcess start(Service service) throws IOException, GeneralSecurityException {
    return start(service, 1);
  }

  /** Listens on so many ports: as many origins. */
  public static ServerProcess start(Service service, int ports)
      throws IOException, GeneralSecurityException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                System.getProperty("java.class.path"),
                CountingServer.class.getName()));
    command.addAll(service.arguments());
    command.add(Integer.toString(ports));
    return new ServerProcess(
        service,
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
  }

  /** Of the first origin, with no slash at its end. */
  public String url() {
    return urls().get(0);
  }

  /** Of all origins. */
  public List<String> urls() {
    String scheme = service.protocol() == Service.Protocol.PLAIN ? "http" : "https";
    return ports.stream().map(port -> scheme + "://127.0.0.1:" + port).toList();
  }

  /** Trusts this server and nobody else. */
  public X509TrustManager trust() {
    return trust;
  }

  /** Trusts this server and nobody else. */
  public SSLContext tls() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new X509TrustManager[] {trust}, null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What happened since the last call, so that the answers to all threads add up. */
  public synchronized Counts newCounts() throws IOException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    long[] answer = Arrays.stream(readAnswer().split(" ")).mapToLong(Long::parseLong).toArray();
    Counts total = new Counts(answer[0], answer[1], answer[2]);
    Counts news = total.minus(reported);
    reported = total;
    return news;
  }

  private String readAnswer() throws IOException {
    String answer = answers.readLine();
    if (answer == null) {
      throw new EOFException("The server ended");
    }
    return answer;
  }

  private static X509TrustManager trusting(byte[] certificate)
      throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "server",
        (X509Certificate)
            CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(certificate)));
    TrustManagerFactory factory = TrustManagerFactory.getInstance("PKIX");
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  /** Ends the process by ending its input, by force after ten seconds or when interrupted. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (process.waitFor(10, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    process.destroyForcibly();
  }
}

package dev.freshwire.it.twin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A self-signed certificate (ECDSA P-256) for {@code localhost} and {@code 127.0.0.1}, made once
 * per JVM, with the trust store that a client needs to accept it.
 *
 * <p>Made by the JDK's own {@code keytool}: the JDK has no public API that issues a certificate.
 */
public final class TwinCertificate {

  /** Password of the key store and of the trust store. */
  public static final String PASSWORD = "freshwire";

  private static final String ALIAS = "twin";

  private final KeyStore keyStore;
  private final Path trustStore;

  private TwinCertificate(KeyStore keyStore, Path trustStore) {
    this.keyStore = keyStore;
    this.trustStore = trustStore;
  }

  /** The certificate of this JVM. */
  public static TwinCertificate shared() {
    return Holder.SHARED;
  }

  /** Key and certificate, under {@link #PASSWORD}. */
  public KeyStore keyStore() {
    return keyStore;
  }

  /** A PKCS#12 file with the certificate alone, for {@code -Djavax.net.ssl.trustStore}. */
  public Path trustStore() {
    return trustStore;
  }

  /** The certificate in PEM, as nginx reads it. */
  public String certificatePem() throws GeneralSecurityException {
    return pem("CERTIFICATE", keyStore.getCertificate(ALIAS).getEncoded());
  }

  /** The private key in PEM, as nginx reads it. */
  public String privateKeyPem() throws GeneralSecurityException {
    Key key = keyStore.getKey(ALIAS, PASSWORD.toCharArray());
    return pem("PRIVATE KEY", key.getEncoded());
  }

  private static String pem(String type, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  private static TwinCertificate issue() {
    try {
      Path directory = Files.createTempDirectory("freshwire-twin");
      Path keyFile = directory.resolve("key.p12");
      Path trustFile = directory.resolve("trust.p12");
      try {
        keytool(keyFile);
        KeyStore keyStore = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(keyFile)) {
          keyStore.load(in, PASSWORD.toCharArray());
        }
        Certificate certificate = keyStore.getCertificate(ALIAS);
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry(ALIAS, certificate);
        try (OutputStream out = Files.newOutputStream(trustFile)) {
          trust.store(out, PASSWORD.toCharArray());
        }
        return new TwinCertificate(keyStore, trustFile);
      } finally {
        Files.deleteIfExists(keyFile);
        // Deleted in reverse order of registration: the directory has to be empty by then.
        directory.toFile().deleteOnExit();
        trustFile.toFile().deleteOnExit();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no certificate for the twin", e);
    }
  }

  private static void keytool(Path keyFile) throws IOException {
    Path keytool = Path.of(System.getProperty("java.home"), "bin", "keytool");
    Process process =
        new ProcessBuilder(
                List.of(
                    keytool.toString(),
                    "-genkeypair",
                    "-alias",
                    ALIAS,
                    "-keyalg",
                    "EC",
                    "-groupname",
                    "secp256r1",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "san=dns:localhost,ip:127.0.0.1",
                    "-validity",
                    "30",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    keyFile.toString(),
                    "-storepass",
                    PASSWORD))
            .redirectErrorStream(true)
            .start();
    try {
      process.getOutputStream().close();
      String output =
          new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
      if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IOException("keytool made no certificate: " + output);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while keytool ran", e);
    } finally {
      process.destroyForcibly();
    }
  }

  /** Defers the second that {@code keytool} takes until a port speaks TLS. */
  private static final class Holder {
    static final TwinCertificate SHARED = issue();
  }
}

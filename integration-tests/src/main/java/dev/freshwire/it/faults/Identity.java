package dev.freshwire.it.faults;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/** A self-signed ECDSA certificate for {@code localhost} and 127.0.0.1, made for this JVM. */
public final class Identity {
  private static final Identity OF_THIS_JVM = new Identity();
  private static final String ALIAS = "origin";

  /** Protects nothing: key stores insist on one. */
  public static final String TRUST_STORE_PASSWORD = "changeit";

  private final X509Bundle certificate;

  private Identity() {
    try {
      certificate =
          new CertificateBuilder()
              .ecp256()
              .subject("CN=localhost")
              .addSanDnsName("localhost")
              .addSanIpAddress("127.0.0.1")
              .setIsCertificateAuthority(true)
              .buildSelfSigned();
    } catch (Exception e) {
      throw new IllegalStateException("no certificate", e);
    }
  }

  public static Identity ofThisJvm() {
    return OF_THIS_JVM;
  }

  /** Writes a trust store in the one format that every JVM reads. */
  public void writeTrustStore(Path file) {
    try (OutputStream out = Files.newOutputStream(file)) {
      trusted("JKS").store(out, TRUST_STORE_PASSWORD.toCharArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A key store of the given type that holds the certificate as trusted. */
  public KeyStore trusted(String type) {
    try {
      KeyStore store = KeyStore.getInstance(type);
      store.load(null, null);
      store.setCertificateEntry(ALIAS, certificate.getCertificate());
      return store;
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The certificate and its key. */
  public X509Bundle certificate() {
    return certificate;
  }

  /** Presents the certificate; tells the ledger so. */
  KeyManager keyManager(Ledger ledger) {
    return new CountingKeyManager(ledger);
  }

  private final class CountingKeyManager extends X509ExtendedKeyManager {
    private final Ledger ledger;

    CountingKeyManager(Ledger ledger) {
      this.ledger = ledger;
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
        String keyType, Principal @Nullable [] issuers, SSLEngine engine) {
      if (!keyType.equals("EC")) {
        return null;
      }
      // JDK 25 also asks when it restores a session from its ticket, before there is a handshake
      // session: that is a resumption.
      if (engine.getHandshakeSession() != null) {
        ledger.fullHandshake();
      }
      return ALIAS;
    }

    @Override
    public String chooseServerAlias(String keyType, Principal @Nullable [] issuers, Socket socket) {
      return ALIAS;
    }

    @Override
    public X509Certificate[] getCertificateChain(String alias) {
      return certificate.getCertificatePath();
    }

    @Override
    public PrivateKey getPrivateKey(String alias) {
      return certificate.getKeyPair().getPrivate();
    }

    @Override
    public String[] getServerAliases(String keyType, Principal @Nullable [] issuers) {
      return new String[] {ALIAS};
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
      return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
        String[] keyType, Principal @Nullable [] issuers, Socket socket) {
      return null;
    }
  }
}

package dev.freshwire.it.driver.apache5;

import dev.freshwire.it.driver.Settings;
import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.hc.client5.http.DnsResolver;

/** Resolves {@code localhost} to the addresses that the settings give it. */
final class FixedAddresses implements DnsResolver {
  private final Settings settings;

  FixedAddresses(Settings settings) {
    this.settings = settings;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    return settings.resolve(host);
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }
}

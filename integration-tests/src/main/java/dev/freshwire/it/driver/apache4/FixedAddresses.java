package dev.freshwire.it.driver.apache4;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.http.conn.DnsResolver;

/** Resolves {@code localhost} to given addresses. */
final class FixedAddresses implements DnsResolver {
  private final List<String> addresses;

  FixedAddresses(List<String> addresses) {
    this.addresses = addresses;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    if (!host.equals("localhost")) {
      return InetAddress.getAllByName(host);
    }
    InetAddress[] resolved = new InetAddress[addresses.size()];
    for (int i = 0; i < resolved.length; i++) {
      resolved[i] =
          InetAddress.getByAddress(host, InetAddress.getByName(addresses.get(i)).getAddress());
    }
    return resolved;
  }
}

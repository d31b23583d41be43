package dev.freshwire.it.driver;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the application configures its client; whatever is absent it leaves to the library. */
public final class Settings {
  private final Map<String, Object> values;

  Settings(Map<String, Object> values) {
    this.values = values;
  }

  /** The application's own read timeout in milliseconds. */
  public @Nullable Long readTimeout() {
    return (Long) values.get("readTimeout");
  }

  /**
   * The application's own connect timeout in milliseconds; the drivers of java.net.http, CIO and
   * HttpAsyncClient 4 have it set.
   */
  public @Nullable Long connectTimeout() {
    return (Long) values.get("connectTimeout");
  }

  /** The port of an HTTP proxy on 127.0.0.1. */
  public @Nullable Long proxyPort() {
    return (Long) values.get("proxyPort");
  }

  /** Basic credentials, given when asked for. */
  public @Nullable String credentials() {
    return (String) values.get("credentials");
  }

  /** Whether responses are cached, in memory or in a directory below the temporary one. */
  public boolean cache() {
    return Boolean.TRUE.equals(values.get("cache"));
  }

  public Variant variant() {
    Object variant = values.get("variant");
    return variant == null ? Variant.PLAIN : Variant.valueOf(variant.toString());
  }

  /** Makes the system properties name the proxy. */
  public void proxyBySystemProperties() {
    for (String scheme : new String[] {"http", "https"}) {
      System.setProperty(scheme + ".proxyHost", "127.0.0.1");
      System.setProperty(scheme + ".proxyPort", String.valueOf(proxyPort()));
    }
    System.setProperty("http.nonProxyHosts", "");
  }

  /** The addresses that {@code localhost} resolves to. */
  @SuppressWarnings("unchecked")
  public List<String> addresses() {
    Object addresses = values.get("addresses");
    return addresses == null ? Collections.emptyList() : (List<String>) addresses;
  }

  /** Resolves a host as these settings have it: for clients that ask a resolver of their own. */
  public InetAddress[] resolve(String host) throws UnknownHostException {
    List<String> addresses = addresses();
    if (addresses.isEmpty() || !host.equals("localhost")) {
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
